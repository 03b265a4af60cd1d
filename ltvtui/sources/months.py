"""Names of the months in the languages that shops are kept in, in full and as they are shortened."""

from __future__ import annotations

from typing import Final

_NAMES: Final = (
    # English, German, French, Spanish, Italian, Portuguese, Dutch, Danish, Polish; below it Russian and Ukrainian
    "january jan jän jänner januar janvier janv enero ene gennaio gen janeiro januari stycznia styczeń sty "
    "января январь янв січня січень січ",
    "february feb februar feber février fevrier févr fevr fév fev febrero febbraio fevereiro februari lutego luty "
    "lut февраля февраль фев февр лютого лютий лют",
    "march mar märz maerz mär mars marzo março marco maart mrt marts marca marzec "
    "марта март мар березня березень бер",
    "april apr avril avr abril abr aprile kwietnia kwiecień kwi апреля апрель апр квітня квітень кві квіт",
    "may mai mayo maggio mag maio mei maj maja мая май травня травень тра трав",
    "june jun juni juin junio giugno giu junho czerwca czerwiec cze июня июнь июн червня червень чер черв",
    "july jul juli juillet juil julio luglio lug julho lipca lipiec lip июля июль июл липня липень лип",
    "august aug août aout agosto ago augustus augusti sierpnia sierpień "
    "sie августа август авг серпня серпень сер серп",
    "september sept sep septembre septiembre setiembre settembre set setembro września wrzesień wrz "
    "сентября сентябрь сен сент вересня вересень вер",
    "october oct oktober okt octobre octubre ottobre ott outubro out października październik paź "
    "октября октябрь окт жовтня жовтень жов жовт",
    "november nov novembre noviembre novembro listopada listopad "
    "lis ноября ноябрь ноя нояб листопада листопад лист лис",
    "december dec dezember dez décembre decembre déc diciembre dic dicembre dezembro grudnia grudzień gru "
    "декабря декабрь дек грудня грудень гру груд",
)
MONTHS: Final[dict[str, int]] = {name: month for month, names in enumerate(_NAMES, start=1) for name in names.split()}
"""Number of the month by its name in lower case, without a full stop."""
