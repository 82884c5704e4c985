"""Makes the entities of the world: real ones from the tables in real/, invented ones from names.py."""
import os

from .names import ADJ, FIRST, NOUN

HERE = os.path.dirname(os.path.abspath(__file__))


class Value:
    """The value of a fact; `pre` is text before it that is no part of the name ("the ")."""

    def __init__(self, text, pre=""):
        if text.startswith("the "):
            pre, text = "the ", text[4:]
        self.text, self.pre = text, pre


class Entity:
    def __init__(self, kind, name, facts, source, real=False, pre="", nouns=None, pronoun=None, subkind=None):
        self.kind, self.name, self.facts, self.source, self.real = kind, name, facts, source, real
        self.pre, self.nouns, self.pronoun, self.subkind = pre, nouns, pronoun, subkind
        self.group = "train"
        self.title = name[:1].upper() + name[1:]
        self.text = ""
        self.sentence_words = {}


COLOURS = """red blue green yellow black white brown grey purple orange pink violet golden silver scarlet crimson turquoise
amber ivory olive emerald copper lilac indigo rust lavender mustard coral teal maroon cream charcoal""".split()
MATERIALS = """oak|maple|walnut|bone|clay|brass|copper|cedar|bamboo|horn|ash wood|glass|pine|cherry wood|silver|tin|stone|leather|reed|
ebony|birch|bronze|iron|willow|gourd|ivory|olive wood|elm|slate|pear wood""".replace("\n", "").split("|")
PRODUCTS = """clocks|lamps|boots|bicycles|carpets|pianos|pumps|sewing machines|cameras|tools|umbrellas|watches|paints|matches|tractors|
paper|candles|soap|chairs|scales|ropes|locks|stoves|maps|toys|bells|buttons|gloves|radios|mirrors|printing presses|looms|wagons|kettles|
needles|glasses|ovens|hats|engines|tents|telescopes|ladders|knives|pencils|batteries|fishing nets|saddles|violins|lifts|fans""".replace("\n", "").split("|")
CRAFTS = """cheese|lace|pottery|knives|honey|glass|baskets|cider|bells|carpets|silk|salt|leather|wool|apples|wine|bread|dolls|kites|
drums|cakes|beer|plums|tiles|jewellery|masks|candles|ropes|swords|roses|horses|mustard|paper|oil|pears|hats|gloves|shawls|nuts|smoked fish""".replace("\n", "").split("|")
CARGO = """grain|timber|coal|tea|wool|salt|iron|sugar|cotton|oranges|rice|coffee|copper|cattle|wine|marble|fish|spices|cloth|letters|
potatoes|tobacco|bricks|glass|oil|slate|tin|rubber|bananas|barley|ice|hides|pepper|cocoa|paper|sheep""".replace("\n", "").split("|")
JOBS = """baker|painter|surgeon|lawyer|carpenter|gardener|printer|weaver|sculptor|blacksmith|botanist|engineer|architect|potter|
astronomer|poet|tailor|miller|sailor|teacher|shoemaker|watchmaker|chemist|pilot|singer|judge|nurse|mathematician|geologist|photographer|
librarian|actor|dancer|violinist|mapmaker|goldsmith|translator|farmer|banker|mason|glassblower|historian|cook|dentist|midwife|
organist|beekeeper|fisherman|journalist|explorer|playwright|zoologist|saddler|brewer|hunter|locksmith|optician|innkeeper""".replace("\n", "").split("|")
SUBJECTS = """a harbour at dawn|two sisters|a sleeping dog|a burning mill|a bowl of pears|an old soldier|a frozen lake|a wedding|
a horse fair|a girl with a lute|a storm at sea|three fishermen|a ruined abbey|a chess game|a boy with a kite|a snowy street|a ploughman|
a market woman|a wild goose|a candle and a skull|a village school|a blind piper|a flooded valley|a lonely shepherd|a blue vase|a red barn|
a court jester|a white peacock|a mountain pass|a king in exile|a family at table|a washing day|a night watchman|a basket of eels|
an empty chair|a beggar|a ferry in fog|a dancing bear|a letter writer|a castle by moonlight""".replace("\n", "").split("|")
USES = """tea|dye|soap|medicine|rope|perfume|salads|oil|cloth|paper|hedges|cough syrup|animal feed|basket work|thatch|jam|ink|sweets|
ointment|candles|bitter beer|brushes|glue|incense|mats|vinegar|flour|varnish|bandages|spice""".replace("\n", "").split("|")
FOODS = """lamb|barley|plums|lentils|trout|rye|chestnuts|goat cheese|spinach|pork|rice|apples|beans|mushrooms|salmon|onions|walnuts|
cabbage|eggs|honey|potatoes|duck|leeks|maize|sour milk|pears|beef|turnips|figs|crab|almonds|peas|carrots|oats|veal|eel|dates|
millet|garlic|prawns""".replace("\n", "").split("|")
FIELDS = """optics|botany|acoustics|economics|grammar|mechanics|astronomy|chemistry|geometry|medicine|navigation|statistics|
hydraulics|genetics|geology|logic|algebra|zoology|electricity|magnetism|thermodynamics|psychology|linguistics|ballistics|
metallurgy|music theory|town planning|agriculture|cartography|meteorology""".replace("\n", "").split("|")
MONTHS = "January February March April May June July August September October November December".split()


def maker(rng, names, shared_places):
    """Returns a dictionary of value makers; shared_places() yields a place of the shared pool or None."""
    r = rng

    def place():
        known = shared_places() if r.random() < 0.35 else None
        return Value(known or names.word())

    def region():
        form = r.choice(["{}", "the {} Hills", "the {} Marshes", "the Vale of {}", "the {} Mountains", "the {} Desert", "{}",
                         "the {} Forest", "the {} Valley", "Upper {}", "the Plain of {}"])
        return Value(form.format(names.word()))

    def water():
        return Value(r.choice(["the {} Sea", "Lake {}", "the Gulf of {}", "{} Bay", "the {} Strait", "the Bay of {}"]).format(names.word()))

    def organisation():
        return Value(r.choice(["{} Press", "{} and Sons", "{} Books", "the House of {}", "{} Brothers"]).format(names.word()))

    def museum():
        return Value(r.choice(["the {} Museum", "the {} Gallery", "{} Castle", "{} Abbey", "the {} Collection", "{} Hall"]).format(names.word()))

    def ground():
        return Value(r.choice(["{} Park", "{} Field", "{} Stadium", "{} Road", "{} Lane"]).format(names.word()))

    return {
        "person": lambda: Value(names.person()), "year": lambda: Value(str(r.randint(1402, 1989))),
        "place": place, "region": region, "water": water, "org": organisation, "museum": museum, "ground": ground,
        "river": lambda: Value("the " + names.word()), "cape": lambda: Value(r.choice(["Cape {}", "{} Point", "{} Head", "{} Rock"]).format(names.word())),
        "people": lambda: Value(str(r.choice([r.randint(80, 999), r.randint(1000, 9999), r.randint(10, 99) * 1000]))),
        "hundreds": lambda: Value(str(r.randint(40, 950))), "height": lambda: Value(str(r.randint(14, 96))),
        "strings": lambda: Value(r.choice("three four five six seven eight nine ten eleven twelve thirteen fifteen twenty".split())),
        "month": lambda: Value(r.choice(MONTHS)),
        "colour": lambda: Value(r.choice(COLOURS)), "material": lambda: Value(r.choice(MATERIALS)),
        "product": lambda: Value(r.choice(PRODUCTS)), "craft": lambda: Value(r.choice(CRAFTS)), "cargo": lambda: Value(r.choice(CARGO)),
        "job": lambda: Value(r.choice(JOBS)), "subject": lambda: Value(r.choice(SUBJECTS)), "use": lambda: Value(r.choice(USES)),
        "food": lambda: Value(r.choice(FOODS)), "field": lambda: Value(r.choice(FIELDS)),
    }


# kind -> (number of entities, label of the source, article, {relation: value maker})
INVENTED = {
    "company": (190, "companies", "", dict(founder="person", year="year", seat="place", product="product")),
    "town": (190, "towns", "", dict(founder="person", year="year", river="river", people="people", craft="craft")),
    "ship": (170, "ships", "the ", dict(builder="person", year="year", captain="person", port="place", cargo="cargo")),
    "book": (170, "books", "", dict(author="person", year="year", publisher="org", hero="person")),
    "person": (170, "people", "", dict(birthplace="place", birthyear="year", profession="job", teacher="person", deathyear="year")),
    "mineral": (100, "minerals", "", dict(discoverer="person", place="region", colour="colour", year="year")),
    "instrument": (90, "instruments", "the ", dict(inventor="person", material="material", region="region", strings="strings")),
    "battle": (100, "battles", "the ", dict(year="year", winner="person", loser="person", place="place")),
    "river": (110, "rivers", "the ", dict(source="region", mouth="water", length="hundreds", towns="place")),
    "festival": (80, "festivals", "the ", dict(town="place", month="month", honours="person")),
    "bridge": (90, "bridges", "", dict(architect="person", river="river", year="year", length="hundreds")),
    "opera": (90, "operas", "", dict(composer="person", year="year", stage="place", singer="person")),
    "plant": (90, "plants", "", dict(place="region", discoverer="person", colour="colour", use="use")),
    "island": (90, "islands", "", dict(sea="water", discoverer="person", capital="place", people="people")),
    "school": (90, "schools", "", dict(founder="person", year="year", town="place", head="person")),
    "club": (90, "clubs", "", dict(town="place", coach="person", ground="ground", colours="colour", year="year")),
    "painting": (90, "paintings", "", dict(painter="person", museum="museum", year="year", subject="subject")),
    "dish": (80, "dishes", "", dict(origin="place", ingredient="food", cook="person")),
    "lighthouse": (70, "lighthouses", "the ", dict(cape="cape", height="height", keeper="person", year="year")),
    "theory": (70, "laws", "", dict(author="person", year="year", field="field")),
}


YEARS = {"company": (1690, 1989), "club": (1851, 1989), "ship": (1602, 1959), "book": (1502, 1989), "bridge": (1402, 1979),
         "opera": (1602, 1979), "mineral": (1602, 1959), "lighthouse": (1602, 1949), "theory": (1602, 1969), "painting": (1422, 1979),
         "town": (1002, 1909), "school": (1302, 1979), "battle": (1102, 1899)}


def invented_name(kind, rng, names):
    r = rng
    if kind == "company":
        return r.choice([lambda: names.word() + " " + r.choice("Works Brothers Mills Company Foundry Instruments Motors Trading Workshops Industries".split()),
                         lambda: names.word() + " and Sons", names.pair,
                         lambda: names.fresh(lambda: names.stem() + " and " + names.stem())])()
    if kind == "town":
        return names.word() if r.random() < 0.8 else names.fresh(
            lambda: r.choice(["Port ", "New ", "Upper ", "Great ", "Little ", "Saint "]) + names.stem())
    if kind == "ship":
        return r.choice([names.pair, names.word, lambda: names.fresh(lambda: "Star of " + names.stem()),
                         lambda: names.fresh(lambda: r.choice(FIRST) + " " + names.stem()),
                         lambda: names.fresh(lambda: r.choice(NOUN) + " of " + names.stem())])()
    if kind in ("book", "opera", "painting"):
        return r.choice([lambda: names.pair(the=True), lambda: names.fresh(lambda: "The " + r.choice(NOUN) + " of " + names.stem()),
                         lambda: names.fresh(lambda: r.choice(NOUN) + " and " + r.choice(NOUN)),
                         lambda: names.fresh(lambda: r.choice(["Letters from ", "A Winter in ", "Songs of ", "Return to ", "Beyond ",
                                                              "Farewell to ", "The Road to "]) + names.stem())])()
    if kind == "person":
        return names.person()
    if kind == "mineral":
        return names.word().lower().rstrip("aeiou") + "ite"
    if kind == "instrument":
        return names.word().lower()
    if kind == "battle":
        return "Battle of " + names.word()
    if kind == "festival":
        return names.word() + " " + r.choice("Fair Games Feast Parade Market Carnival Race".split())
    if kind == "bridge":
        return names.word() + " Bridge"
    if kind == "plant":
        return names.word().lower() + r.choice(["", " root", " bell", " grass", "wort", " lily", " thistle", " moss"])
    if kind == "island":
        return names.word() if r.random() < 0.6 else names.fresh(lambda: r.choice(ADJ) + " Island")
    if kind == "school":
        return names.word() + " " + r.choice("Academy College School Institute".split())
    if kind == "club":
        return names.word() + " " + r.choice("Rovers United Wanderers Athletic Rangers City Albion".split())
    if kind == "dish":
        return names.word().lower() + " " + r.choice("stew soup cake pie bread pudding salad dumplings broth".split())
    if kind == "lighthouse":
        return names.word() + " Light"
    if kind == "theory":
        return names.word() + "'s " + r.choice("law rule principle".split())
    return names.word()


def invented_entity(kind, rng, names, makers):
    _, label, pre, schema = INVENTED[kind]
    name = invented_name(kind, rng, names)
    facts = {rel: makers[m]() for rel, m in schema.items()}
    if "year" in facts:
        low, high = YEARS.get(kind, (1402, 1989))
        facts["year"] = Value(str(rng.randint(low, high)))
    if "birthyear" in facts:
        born = rng.randint(1420, 1930)
        facts["birthyear"], facts["deathyear"] = Value(str(born)), Value(str(born + rng.randint(31, 88)))
    if kind == "island" and name.endswith("Island"):
        pre = ""
    if kind == "plant" and name.split()[-1] in ("bell", "lily", "thistle"):
        pre = "the "
    pronoun = None
    if kind == "person":
        female = ("Ada Agnes Alice Amelia Anna Astrid Barbara Beatrice Bertha Carla Caroline Clara Cora Diana Dora Edith Elena Eliza Elsa "
                  "Emma Esther Eva Flora Frances Frida Gerda Greta Hannah Harriet Helen Hilda Ida Irene Iris Ivy Jane Joan Judith Julia "
                  "Karen Kate Laura Lily Linda Louise Lucy Margaret Maria Marian Martha Mary Matilda Mira Miriam Mona Nadia Nina Nora "
                  "Olga Olive Paula Rachel Rebecca Rosa Rose Ruth Sarah Selma Sofia Sonia Stella Susan Sylvia Theresa Ursula Vera Viola "
                  "Wanda Zora").split()
        pronoun = "she" if name.split()[0] in female else "he"
    entity = Entity(kind, name, facts, "starter gazetteer (invented): " + label, pre=pre, pronoun=pronoun)
    if kind == "dish":
        entity.nouns = ["dish", "meal"]
    return entity


def table(name):
    with open(os.path.join(HERE, "real", name + ".txt"), encoding="utf-8") as f:
        for line in f:
            if line.strip() and not line.startswith("#"):
                yield [c.strip() for c in line.rstrip("\n").split("|")]


def real_entities():
    out = []

    def add(kind, name, label, facts, **more):
        facts = {k: (v if isinstance(v, Value) else Value(v)) for k, v in facts.items() if v and v != "-"}
        if facts:
            out.append(Entity(kind, name, facts, "starter atlas (real): " + label, real=True, **more))

    for name, capital, continent, currency, language in table("countries"):
        pre, name = ("the ", name[4:]) if name.startswith("the ") else ("", name)
        money = Value(currency, "the ") if currency != "-" else None
        add("country", name, "countries", dict(capital=capital, continent=continent, currency=money, language=language), pre=pre)
    for name, mouth, town, source in table("rivers"):
        add("river", name, "rivers", dict(mouth=mouth, towns=town, source=source), pre="the ", nouns=["river"])
    for name, where, country, height in table("mountains"):
        add("mountain", name, "mountains", dict(range=where, country=country, height=height))
    for number, name, symbol, discoverer, sort in table("elements"):
        add("element", name, "elements", dict(symbol=symbol, number=number, discoverer=discoverer), nouns=["chemical element", sort])
    for name, planet, discoverer, year in table("moons"):
        add("moon", name, "moons", dict(planet=planet, discoverer=discoverer, year=year))
    for name, inventor, year in table("inventions"):
        bare = name.endswith("!")
        add("invention", name.rstrip("!"), "inventions", dict(inventor=inventor, year=year), pre="" if bare else "the ",
            nouns=["invention"])
    for name, designer, year in table("languages"):
        add("language", name, "programming languages", dict(designer=designer, year=year))
    for kind, name, who, third in table("works"):
        if kind == "novel":
            add("book", name, "books", dict(author=who, year=third), nouns=["novel", "book"])
        elif kind == "painting":
            add("painting", name, "paintings", dict(painter=who, museum=third))
        else:
            add("opera", name, "music", dict(composer=who, year=third), nouns=["opera"] if kind == "opera" else ["piece of music", "musical work"])
    for name, pronoun, field, birthplace, year in table("scientists"):
        add("scientist", name, "scientists", dict(field=field, birthplace=birthplace, birthyear=year), pronoun=pronoun)
    return out
