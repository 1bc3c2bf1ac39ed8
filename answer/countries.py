"""A country, its people and what belongs to it are one name: "American models" are those of the US."""

import re

_FORMS = {
    "Usa": "US, U.S., USA, U.S.A., United States, America, American, Americans",
    "Uk": "UK, U.K., United Kingdom, Britain, Great Britain, British, Briton, Britons",
    "China": "China, Chinese, People's Republic",
    "Europe": "Europe, European, Europeans, EU, E.U., European Union",
    "Africa": "Africa, African, Africans",
    "Asia": "Asia, Asian, Asians",
    "Australia": "Australia, Australian, Australians",
    "Austria": "Austria, Austrian, Austrians",
    "Belgium": "Belgium, Belgian, Belgians",
    "Brazil": "Brazil, Brazilian, Brazilians",
    "Canada": "Canada, Canadian, Canadians",
    "Denmark": "Denmark, Danish, Dane, Danes",
    "England": "England, English, Englishman, Englishmen, Englishwoman",
    "Finland": "Finland, Finnish, Finn, Finns",
    "France": "France, French, Frenchman, Frenchmen, Frenchwoman",
    "Germany": "Germany, German, Germans",
    "Greece": "Greece, Greek, Greeks",
    "India": "India, Indian, Indians",
    "Indonesia": "Indonesia, Indonesian, Indonesians",
    "Ireland": "Ireland, Irish, Irishman, Irishmen",
    "Israel": "Israel, Israeli, Israelis",
    "Italy": "Italy, Italian, Italians",
    "Japan": "Japan, Japanese",
    "Korea": "Korea, Korean, Koreans",
    "Mexico": "Mexico, Mexican, Mexicans",
    "Netherlands": "Netherlands, Holland, Dutch, Dutchman",
    "Norway": "Norway, Norwegian, Norwegians",
    "Poland": "Poland, Polish, Poles",
    "Portugal": "Portugal, Portuguese",
    "Russia": "Russia, Russian, Russians",
    "Scotland": "Scotland, Scottish, Scots, Scot",
    "Spain": "Spain, Spanish, Spaniard, Spaniards",
    "Sweden": "Sweden, Swedish, Swede, Swedes",
    "Switzerland": "Switzerland, Swiss",
    "Taiwan": "Taiwan, Taiwanese",
    "Turkey": "Turkey, Turkish, Turk, Turks",
    "Ukraine": "Ukraine, Ukrainian, Ukrainians",
}
_COUNTRY_OF = {form: country for country, forms in _FORMS.items() for form in forms.split(", ")}
_COUNTRY = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(_COUNTRY_OF, key=len, reverse=True)))})(?!\w)")


def with_one_form(text: str) -> str:
    """``text`` with every form of a country's name that has a capital replaced by one; offsets do not stay."""
    return _COUNTRY.sub(lambda form: _COUNTRY_OF[form.group()], text)
