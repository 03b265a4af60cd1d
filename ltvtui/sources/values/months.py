"""Names of the months in the languages that shops are kept in, in full and as they are shortened."""

from __future__ import annotations

from typing import Final

_NAMES: Final = (
    # English, German, French, Spanish, Italian, Portuguese, Dutch, Danish, Polish; below it Russian and Ukrainian
    # no Croatian: its listopad is October, and November in Polish and Czech
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
_MORE: Final = (
    # Czech, Slovak, Slovene, Serbian, Hungarian, Romanian, Finnish, Estonian, Latvian, Lithuanian, Swedish,
    # Norwegian, Icelandic, Catalan, Turkish, Indonesian, Malay, Greek, Bulgarian, Belarusian, Kazakh, Hebrew, Arabic,
    # Hindi, Thai
    "leden ledna január januára januarja ianuarie ian "
    "tammikuu tammikuuta tammi jaanuar janvāris janvārī sausio sausis "
    "janúar gener ocak oca ιανουαρίου ιανουάριος ιαν януари јануар студзеня қаңтар ינואר בינואר يناير जनवरी มกราคม",
    "únor února február februára februarja februarie febr "
    "helmikuu helmikuuta helmi veebruar februāris vasario vasaris "
    "febrúar febrer şubat şub φεβρουαρίου φεβρουάριος φεβ "
    "февруари фебруар лютага ақпан פברואר בפברואר فبراير फरवरी "
    "กุมภาพันธ์",
    "březen března marec mart március márc martie maaliskuu "
    "maaliskuuta maalis märts marts kovo kovas març maret mac "
    "μαρτίου μάρτιος μαρ сакавіка наурыз מרץ במרץ مارس मार्च มีนาคม",
    "duben dubna apríl apríla április ápr aprilie "
    "huhtikuu huhtikuuta huhti aprill aprīlis balandžio balandis nisan "
    "nis απριλίου απρίλιος απρ красавіка сәуір אפריל באפריל أبريل ابريل إبريل अप्रैल เมษายน",
    "květen května máj mája május toukokuu toukokuuta touko maijs "
    "gegužės gegužė maí maig mayıs mayis μαΐου μάιος μαΐ "
    "μαϊ мај траўня мамыр מאי במאי مايو मई พฤษภาคม",
    "červen června jún júna junij junija június iunie "
    "iun kesäkuu kesäkuuta kesä juuni jūnijs birželio birželis júní "
    "juny haziran haz ιουνίου ιούνιος ιουν юни јун чэрвеня маусым יוני ביוני يونيو जून มิถุนายน",
    "červenec července júl júla julij julija július iulie "
    "iul heinäkuu heinäkuuta heinä juuli jūlijs liepos liepa júlí "
    "juliol temmuz tem julai ιουλίου ιούλιος ιουλ юли јул ліпеня шілде יולי ביולי يوليو जुलाई กรกฎาคม",
    "srpen srpna agustus augusta avgust avgusta augusztus "
    "elokuu elokuuta elo augusts rugpjūčio rugpjūtis ágúst agost "
    "ağustos agustos ağu agu agt ags ogos αυγούστου "
    "αύγουστος αυγ жніўня тамыз אוגוסט באוגוסט أغسطس اغسطس अगस्त "
    "สิงหาคม",
    "září septembra septembar szeptember szept septembrie "
    "syyskuu syyskuuta syys septembris rugsėjo rugsėjis setembre "
    "eylül eyl σεπτεμβρίου σεπτέμβριος σεπ септември септембар "
    "верасня қыркүйек ספטמבר בספטמבר سبتمبر सितंबर सितम्बर "
    "กันยายน",
    "říjen října október októbra oktobra oktobar octombrie "
    "lokakuu lokakuuta loka oktoober oktobris spalio spalis "
    "ekim eki οκτωβρίου οκτώβριος οκτ октомври октобар "
    "кастрычніка қазан אוקטובר באוקטובר أكتوبر اكتوبر अक्टूबर "
    "ตุลาคม",
    "listopadu novembra novembar noiembrie noi marraskuu "
    "marraskuuta marras novembris lapkričio lapkritis nóvember "
    "novembre kasım kasim kas νοεμβρίου νοέμβριος νοε "
    "ноември новембар лістапада қараша נובמבר בנובמבר نوفمبر नवंबर "
    "नवम्बर พฤศจิกายน",
    "prosinec prosince decembra decembar decembrie joulukuu "
    "joulukuuta joulu detsember decembris gruodžio gruodis "
    "desember des desembre aralık aralik ara disember "
    "δεκεμβρίου δεκέμβριος δεκ декември децембар снежня желтоқсан "
    "דצמבר בדצמבר ديسمبر दिसंबर दिसम्बर ธันวาคม",
)
MONTHS: Final[dict[str, int]] = {
    name: month for listed in (_NAMES, _MORE) for month, names in enumerate(listed, start=1) for name in names.split()
}
"""Number of the month by its name in lower case, without a full stop."""
