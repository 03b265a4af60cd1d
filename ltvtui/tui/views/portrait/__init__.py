"""Portrait: who some customers are, what, where and when they buy, and the most typical of them."""
