"""Names, places and words of the made-up people: many scripts, and what breaks careless code."""

# ruff: noqa: RUF001  letters of other scripts that look like ours are the point

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Region:
    """People of one part of the world; each name is `as written|as in an email address`."""

    country: str
    code: str
    dial: str
    given: tuple[str, ...]
    family: tuple[str, ...]
    places: tuple[tuple[str, str, str], ...]
    streets: tuple[str, ...]


def _region(where: str, *, given: str, family: str, places: str, streets: str) -> Region:
    """A region out of comma lists; `where` is `country/code/dial`, a place `city/state/code`."""
    country, code, dial = where.split("/")
    return Region(
        country=country,
        code=code,
        dial=dial,
        given=tuple(given.split(",")),
        family=tuple(family.split(",")),
        places=tuple(_place(each) for each in places.split(",")),
        streets=tuple(streets.split(",")),
    )


def _place(text: str) -> tuple[str, str, str]:
    city, state, code = text.split("/")
    return city, state, code


REGIONS = (
    _region(
        "United Kingdom/GB/+44 20 7946",
        given="Oliver,Amelia,George,Isla,Noah,Ava,Mary-Jane,Zoe",
        family="Smith,Jones,Taylor,Brown,Fitzgerald-Hughes,Evans,D'Arcy|darcy,St. John|stjohn",
        places="London/Greater London/SW1A 1AA,Leeds/West Yorkshire/LS1 4AP,Bath/Somerset/BA1 1SX",
        streets="High Street,Station Road,Church Lane,The Old Rectory",
    ),
    _region(
        "United States/US/+1 212 555",
        given="James,Emma,Liam,Sophia,Mason,Olivia,J.R.|jr,Ty",
        family="Johnson,Williams,Garcia,Miller,Davis,Lee,O|o,Vanderbilt III|vanderbilt",
        places="New York/New York/10001,Austin/Texas/78726,Portland/Oregon/97205",
        streets="Main Street,Elm Avenue,5th Avenue,Highway 61",
    ),
    _region(
        "Ireland/IE/+353 1 555",
        given="Seán|sean,Aoife,Pádraig|padraig,Róisín|roisin,Conor,Niamh",
        family="O'Brien|obrien,O'Neill|oneill,O’Sullivan|osullivan,Byrne,Ní Mháille|nimhaille",
        places="Dublin/Dublin/D02 AF30,Cork/Cork/T12 RX8A",
        streets="O'Connell Street,Grafton Street,Patrick Street",
    ),
    _region(
        "Italy/IT/+39 06 555",
        given="Niccolò|niccolo,Giulia,Matteo,Chiara,Desirée|desiree,Luca",
        family="D'Angelo|dangelo,Rossi,Dell'Acqua|dellacqua,Bianchi,De Santis|desantis",
        places="Roma/Lazio/00184,Milano/Lombardia/20121",
        streets="Via Roma,Corso Vittorio Emanuele II,Piazza dell'Unità",
    ),
    _region(
        "Germany/DE/+49 30 555",
        given="Jürgen|juergen,Anja,Björn|bjoern,Käthe|kaethe,Lukas,Hans-Peter",
        family="Müller|mueller,Schäfer|schaefer,Groß|gross,von der Heide|heide,Weiß-Krüger|weiss",
        places="Berlin/Berlin/10115,Köln/Nordrhein-Westfalen/50667",
        streets="Hauptstraße,Lindenallee,Am Kirchberg",
    ),
    _region(
        "France/FR/+33 1 55 55",
        given="François|francois,Zoé|zoe,Anaïs|anais,Jean-Luc|jeanluc,Noëlle|noelle",
        family="Lefèvre|lefevre,L'Hôpital|lhopital,Dupont,Bœuf|boeuf,d'Estaing|destaing",
        places="Paris/Île-de-France/75001,Orléans/Centre-Val de Loire/45000",
        streets="Rue de la Paix,Allée des Érables,Boulevard Saint-Michel",
    ),
    _region(
        "Poland/PL/+48 22 555",
        given="Łukasz|lukasz,Małgorzata|malgorzata,Zbigniew,Żaneta|zaneta",
        family="Wiśniewski|wisniewski,Dąbrowska|dabrowska,Źrebiec|zrebiec,Nowak",
        places="Kraków/Małopolskie/30-001,Łódź/Łódzkie/90-001",
        streets="ul. Piotrkowska,al. Jerozolimskie",
    ),
    _region(
        "Türkiye/TR/+90 212 555",
        given="İsmail|ismail,Ayşe|ayse,Çağla|cagla,Işıl|isil",
        family="Yılmaz|yilmaz,Şahin|sahin,Öztürk|ozturk,Güneş|gunes",
        places="İstanbul/İstanbul/34000,İzmir/İzmir/35000",
        streets="İstiklal Caddesi,Bağdat Caddesi",
    ),
    _region(
        "Ukraine/UA/+380 44 555",
        given="Олена|olena,Тарас|taras,Ганна|hanna,Євген|yevhen",
        family="Шевченко|shevchenko,Коваль|koval,Мар'яненко|marianenko,Ґалаґан|galagan",
        places="Київ/Київ/01001,Львів/Львівська область/79000",
        streets="вулиця Хрещатик,проспект Свободи",
    ),
    _region(
        "Greece/GR/+30 21 0555",
        given="Γιώργος|giorgos,Ελένη|eleni,Νίκος|nikos,Αθηνά|athina",
        family="Παπαδόπουλος|papadopoulos,Οικονόμου|oikonomou,Βασιλείου|vasileiou",
        places="Αθήνα/Αττική/105 57,Θεσσαλονίκη/Κεντρική Μακεδονία/546 24",
        streets="Οδός Ερμού,Λεωφόρος Νίκης",
    ),
    _region(
        "Egypt/EG/+20 2 555",
        given="محمد|mohamed,فاطمة|fatma,أحمد|ahmed,نور|nour",
        family="عبد الرحمن|abdelrahman,السيد|elsayed,حسن|hassan",
        places="القاهرة/القاهرة/11511,الإسكندرية/الإسكندرية/21500",
        streets="شارع طلعت حرب,شارع التحرير",
    ),
    _region(
        "Israel/IL/+972 3 555",
        given="יעל|yael,דוד|david,נועה|noa,אבי|avi",
        family="כהן|cohen,לוי|levi,בן־דוד|bendavid",
        places="תל אביב/תל אביב/6100000,חיפה/חיפה/3100000",
        streets="רחוב דיזנגוף,שדרות רוטשילד",
    ),
    _region(
        "China/CN/+86 10 5555",
        given="伟|wei,芳|fang,秀英|xiuying,子轩|zixuan",
        family="王|wang,李|li,欧阳|ouyang,张|zhang",
        places="北京/北京市/100000,上海/上海市/200000",
        streets="长安街,南京路",
    ),
    _region(
        "Japan/JP/+81 3 5555",
        given="さくら|sakura,翔太|shota,ハルカ|haruka,健|ken",
        family="佐藤|sato,鈴木|suzuki,髙橋|takahashi,渡邉|watanabe",
        places="東京都/東京都/100-0001,大阪市/大阪府/530-0001",
        streets="千代田1-1,本町2-3-4",
    ),
    _region(
        "South Korea/KR/+82 2 555",
        given="서연|seoyeon,민준|minjun,지우|jiwoo,하은|haeun",
        family="김|kim,이|yi,박|park,남궁|namgung",
        places="서울/서울특별시/04524,부산/부산광역시/48058",
        streets="세종대로,해운대로",
    ),
    _region(
        "India/IN/+91 22 5555",
        given="प्रिया|priya,अर्जुन|arjun,आरव|aarav,ऐश्वर्या|aishwarya",
        family="शर्मा|sharma,सिंह|singh,त्रिवेदी|trivedi,राव|rao",
        places="मुंबई/महाराष्ट्र/400001,दिल्ली/दिल्ली/110001",
        streets="महात्मा गांधी मार्ग,लिंक रोड",
    ),
    _region(
        "Vietnam/VN/+84 24 5555",
        given="Ngọc|ngoc,Đức|duc,Thảo|thao,Huỳnh|huynh",
        family="Nguyễn|nguyen,Trần|tran,Đặng|dang,Phạm|pham",
        places="Hà Nội/Hà Nội/100000,Đà Nẵng/Đà Nẵng/550000",
        streets="Phố Huế,Đường Lê Lợi",
    ),
    _region(
        "Iceland/IS/+354 555",
        given="Þórdís|thordis,Ægir|aegir,Guðrún|gudrun,Björk|bjork",
        family="Jónsdóttir|jonsdottir,Sigurðsson|sigurdsson,Guðmundsdóttir|gudmundsdottir",
        places="Reykjavík/Höfuðborgarsvæðið/101,Akureyri/Norðurland eystra/600",
        streets="Laugavegur,Skólavörðustígur",
    ),
)

DOMAINS = ("example.com", "example.org", "example.net", "mail.example", "post.example")
COMPANIES = (
    "Laser Ltd",
    "Ångström & Söhne",
    "Smith, Jones & Co.",
    "株式会社サンプル",
    '"Quoted" LLC',
)
GROUPS = ("Retail", "Wholesale", "VIP & friends")
TAGS = ("vip", "loyal", "returns often", "tea", "coffee", "gifts", "b2b", "newsletter 2019", "café")
NOTES = (
    "Prefers to be called in the evening.",
    "Asked for a paper invoice; see e-mail of last spring.",
    "Gate code 4711 <ring twice>",
    "Allergic to nuts 🥜 — check every gift box.",
)
