"""Countries of the demo data: places, languages and names that belong together."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class City:
    """A place; in ``post_code`` a ``#`` stands for any digit and an ``@`` for any letter."""

    name: str
    county: str
    post_code: str


@dataclass(frozen=True, slots=True)
class Country:
    """Where contacts live.

    Attributes:
        share: how many of 100 companies are here.
        phone: international prefix.
        company_form: what a company's name ends with.
    """

    code: str
    share: int
    language: str
    currency: str
    territory: str
    phone: str
    company_form: str
    cities: tuple[City, ...]
    streets: tuple[str, ...]
    women: tuple[str, ...]
    men: tuple[str, ...]
    surnames: tuple[str, ...]


def _cities(text: str) -> tuple[City, ...]:
    """Read ``name/county/post code`` entries, separated by semicolons."""
    return tuple(City(*(part.strip() for part in entry.split("/"))) for entry in text.split(";"))


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(","))


COUNTRIES = (
    Country(
        code="DE",
        share=22,
        language="DEU",
        currency="EUR",
        territory="DACH",
        phone="+49",
        company_form="GmbH",
        cities=_cities(
            "Berlin/Berlin/10###; Hamburg/Hamburg/20###; München/Bayern/80###; Köln/Nordrhein-Westfalen/50###;"
            "Leipzig/Sachsen/04###; Stuttgart/Baden-Württemberg/70###; Bremen/Bremen/28###; Erfurt/Thüringen/99###"
        ),
        streets=_words("Hauptstraße, Bahnhofstraße, Gartenweg, Lindenallee, Schulstraße, Am Markt, Ringstraße"),
        women=_words("Anna, Jördis, Katharina, Lena, Marie, Sabine, Ursula, Emilia, Heike, Zeynep, Franziska, Birgit"),
        men=_words("Jürgen, Lukas, Stefan, Thomas, Björn, Felix, Matthias, Emre, Wolfgang, Jonas, Sönke, Paul"),
        surnames=_words(
            "Müller, Schmidt, Schneider, Fischer, Weber, Wagner, Schäfer, Koch, Richter, Klein, Wolf, Schröder, Yildiz,"
            "Großmann, Krüger, Hofmann, Lehmann, Böhm, Vogel, Winkler"
        ),
    ),
    Country(
        code="GB",
        share=14,
        language="ENG",
        currency="GBP",
        territory="UK",
        phone="+44",
        company_form="Ltd",
        cities=_cities(
            "London/Greater London/N# #@@; Manchester/Lancashire/M# #@@; Leeds/West Yorkshire/LS# #@@;"
            "Bristol/Avon/BS# #@@; Glasgow/Lanarkshire/G# #@@; Cardiff/South Glamorgan/CF# #@@; York/Yorkshire/YO# #@@"
        ),
        streets=_words("High Street, Station Road, Church Lane, Victoria Road, Mill Lane, King Street, The Green"),
        women=_words("Olivia, Amelia, Charlotte, Sian, Priya, Margaret, Grace, Harriet, Niamh, Chloe, Fatima, Ruth"),
        men=_words("Oliver, George, Harry, Callum, Rhys, Mohammed, Alexander, Duncan, Edward, Liam, Arjun, Simon"),
        surnames=_words(
            "Smith, Jones, Taylor, Brown, Evans, O'Neill, Wilson, MacDonald, Patel, Hughes, Clarke, Wright, Khan,"
            "Robinson, Green, Baker, Hall, Wood, Davies, Begum"
        ),
    ),
    Country(
        code="US",
        share=18,
        language="ENU",
        currency="USD",
        territory="AMERICAS",
        phone="+1",
        company_form="Inc.",
        cities=_cities(
            "Chicago/IL/606##; Austin/TX/787##; Seattle/WA/981##; Atlanta/GA/303##; Boston/MA/021##; Denver/CO/802##;"
            "Portland/OR/972##; Miami/FL/331##; St. Louis/MO/631##"
        ),
        streets=_words("Main Street, Oak Avenue, Maple Drive, 2nd Street, Park Avenue, Lake Road, Elm Street"),
        women=_words("Emma, Sophia, Isabella, Ava, Madison, Ashley, Jennifer, Maria, Keisha, Abigail, Linda, Hannah"),
        men=_words("James, Michael, William, Ethan, Jacob, José, Tyrone, David, Robert, Noah, Logan, Daniel"),
        surnames=_words(
            "Johnson, Williams, Miller, Davis, Garcia, Rodriguez, Anderson, Thomas, Jackson, White, Harris, Nguyen,"
            "Lewis, Walker, Young, Allen, King, Scott, Rivera, Campbell"
        ),
    ),
    Country(
        code="FR",
        share=10,
        language="FRA",
        currency="EUR",
        territory="FRANCE",
        phone="+33",
        company_form="SARL",
        cities=_cities(
            "Paris/Île-de-France/750##; Lyon/Rhône/690##; Marseille/Bouches-du-Rhône/130##;"
            "Nantes/Loire-Atlantique/440##; Lille/Nord/590##; Toulouse/Haute-Garonne/310##"
        ),
        streets=_words("Rue de la République, Avenue Victor Hugo, Rue du Moulin, Place de l'Église, Rue Pasteur"),
        women=_words("Camille, Chloé, Léa, Amélie, Françoise, Hélène, Inès, Margaux, Nathalie, Zoé, Aïcha, Élodie"),
        men=_words("Antoine, Benoît, François, Hugo, Jérôme, Louis, Mathieu, Noël, Rémi, Théo, Karim, Étienne"),
        surnames=_words(
            "Martin, Bernard, Dubois, Lefèvre, Moreau, Girard, Fournier, Mercier, Dupont, Lambert, Faure, Rousseau,"
            "Benali, Chevalier, Gauthier, Perrin"
        ),
    ),
    Country(
        code="ES",
        share=8,
        language="ESP",
        currency="EUR",
        territory="IBERIA",
        phone="+34",
        company_form="S.L.",
        cities=_cities(
            "Madrid/Madrid/280##; Barcelona/Cataluña/080##; Sevilla/Andalucía/410##; Valencia/Valencia/460##;"
            "Bilbao/País Vasco/480##; A Coruña/Galicia/150##"
        ),
        streets=_words("Calle Mayor, Avenida de la Constitución, Calle Real, Plaza de España, Calle Nueva"),
        women=_words("Lucía, María, Carmen, Inés, Nuria, Begoña, Rocío, Paula, Sofía, Ainhoa"),
        men=_words("Alejandro, Álvaro, Íñigo, Javier, José, Martín, Pablo, Rubén, Sergio, Xavier"),
        surnames=_words(
            "García, Fernández, González, López, Martínez, Sánchez, Pérez, Gómez, Ruiz, Muñoz, Núñez, Ibáñez, Castro"
        ),
    ),
    Country(
        code="SE",
        share=6,
        language="SVE",
        currency="SEK",
        territory="NORDICS",
        phone="+46",
        company_form="AB",
        cities=_cities(
            "Stockholm/Stockholm/11# ##; Göteborg/Västra Götaland/41# ##; Malmö/Skåne/21# ##; Umeå/Västerbotten/90# ##"
        ),
        streets=_words("Storgatan, Kungsgatan, Skolvägen, Björkvägen, Hamngatan"),
        women=_words("Elsa, Astrid, Åsa, Ingrid, Maja, Freja, Linnéa, Karin, Ebba"),
        men=_words("Lars, Björn, Göran, Oskar, Nils, Åke, Gustav, Emil, Hampus"),
        surnames=_words("Andersson, Johansson, Karlsson, Nilsson, Lindström, Öberg, Sjögren, Åkesson, Bergström, Holm"),
    ),
    Country(
        code="PL",
        share=7,
        language="PLK",
        currency="PLN",
        territory="EAST",
        phone="+48",
        company_form="Sp. z o.o.",
        cities=_cities(
            "Warszawa/Mazowieckie/00-###; Kraków/Małopolskie/30-###; Wrocław/Dolnośląskie/50-###;"
            "Łódź/Łódzkie/90-###; Gdańsk/Pomorskie/80-###"
        ),
        streets=_words("ul. Polna, ul. Leśna, ul. Słoneczna, ul. Krótka, ul. Szkolna"),
        women=_words("Agnieszka, Małgorzata, Zofia, Katarzyna, Wanda, Łucja, Magdalena, Joanna, Ewa"),
        men=_words("Paweł, Łukasz, Michał, Stanisław, Jakub, Wojciech, Piotr, Grzegorz, Zbigniew"),
        surnames=_words("Kowalczyk, Wiśniewski, Wójcik, Nowak, Zieliński, Woźniak, Dąbrowski, Mazur, Król, Łuczak"),
    ),
    Country(
        code="IT",
        share=7,
        language="ITA",
        currency="EUR",
        territory="SOUTH",
        phone="+39",
        company_form="S.r.l.",
        cities=_cities("Roma/Lazio/001##; Milano/Lombardia/201##; Torino/Piemonte/101##; Napoli/Campania/801##"),
        streets=_words("Via Roma, Via Garibaldi, Corso Italia, Piazza Dante, Via Mazzini"),
        women=_words("Giulia, Chiara, Francesca, Sofia, Alessandra, Noemi, Lucrezia, Beatrice"),
        men=_words("Marco, Luca, Giuseppe, Niccolò, Matteo, Davide, Andrea, Enzo"),
        surnames=_words("Rossi, Russo, Ferrari, Esposito, Bianchi, Romano, De Luca, Colombo, Ricci, Marino, D'Angelo"),
    ),
    Country(
        code="NL",
        share=5,
        language="NLD",
        currency="EUR",
        territory="BENELUX",
        phone="+31",
        company_form="B.V.",
        cities=_cities("Amsterdam/Noord-Holland/10## @@; Rotterdam/Zuid-Holland/30## @@; Utrecht/Utrecht/35## @@"),
        streets=_words("Dorpsstraat, Kerkstraat, Molenweg, Julianalaan, Beatrixstraat"),
        women=_words("Sanne, Fleur, Anouk, Femke, Saskia, Lieke, Maartje"),
        men=_words("Daan, Sem, Pieter, Joost, Thijs, Ruben, Bas"),
        surnames=_words("de Jong, Jansen, van den Berg, Bakker, Visser, Smit, de Boer, van Dijk, Mulder"),
    ),
    Country(
        code="JP",
        share=3,
        language="JPN",
        currency="JPY",
        territory="APAC",
        phone="+81",
        company_form="K.K.",
        cities=_cities("Tokyo/Tokyo/100-####; Osaka/Osaka/530-####; Sapporo/Hokkaido/060-####"),
        streets=_words("Chuo, Sakura-dori, Marunouchi, Hon-cho"),
        women=_words("Yui, Sakura, Haruka, Aiko, Keiko, Misaki"),
        men=_words("Haruto, Kenji, Takeshi, Ren, Hiroshi, Daiki"),
        surnames=_words("Satō, Suzuki, Takahashi, Tanaka, Itō, Yamamoto, Kobayashi, Ōno"),
    ),
)
