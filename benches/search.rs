//! `make bench`, last part: every kind of search in a store of 100,000 copies, beside a scan of the same words.
//!
//! The people are invented from a seed; each letter brings one copy with its fields and the text of its page. Queries are
//! drawn from those people: 300 of each kind, all of them once a turn. A query's time is from what was typed to the fifty
//! newest filings with where each was found, the least of its turns; the hundredths are of the 300 queries. Beside it stands
//! the time that all threads of the query were on a processor: nothing of a query runs beside something else of it, so that
//! on an idle machine both are alike, and on a busy one that is the figure that says something. It is held to the limit.
//! Over the limit so far: a surname (17 ms elapsed on two idle virtual cores), in Latin letters (36 ms), a double one (42 ms),
//! one beside another term (14 to 44 ms), and `before:` alone (38 ms on processors), which asks for every year since 1970.
//!
//! `cargo bench --workspace --bench search [-- COPIES [FOLDER]]`. Without a folder the store is a temporary one (1.4 GB under
//! `TMPDIR` for 100,000); with one it is made there, kept, and asked again the next time.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a program that prints a table of rounded figures"
)]

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use skrynka::model::{
    Address, Branch, BranchAddress, CodeKind, Copy, Digest, FieldKind, Filing, Head, IssuedCode, KyivDay,
    Letter, Match, Matched, NewCode, Organisation, Place, RawMail, ReadField, ReaderRevision, Reading,
    ReadingWay, Registry, Service, Source, Token,
};
use skrynka::search;
use skrynka::store::Store;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};

const COPIES: usize = 100_000;
const QUERIES: usize = 300;
const TURNS: usize = 3;
const PEER_QUERIES: usize = 10;
const LIMIT: u32 = 50;
const BRANCHES: usize = 10;
const P99_MAX: Duration = Duration::from_millis(10);

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let copies = words.first().map_or(COPIES, |word| word.parse().unwrap());
    tokio::runtime::Runtime::new().unwrap().block_on(measure(copies, words.get(1).map(PathBuf::from)))
}

async fn measure(copies: usize, kept: Option<PathBuf>) -> ExitCode {
    let temporary = tempfile::TempDir::new().unwrap();
    let folder = kept.unwrap_or_else(|| temporary.path().to_owned());
    let is_there = folder.join("skrynka.db").exists();
    let store = Store::open(&folder).await.unwrap();
    let people = people(copies);
    let begun = Instant::now();
    if is_there {
        println!("\nsearch in {copies} copies, filed earlier");
    } else {
        fill(&store, &people).await;
        let taken = begun.elapsed();
        let each = ms(taken) / f64::from(u32::try_from(copies).unwrap());
        println!("\nsearch in {copies} copies, filed in {:.0} s, {each:.2} ms each", taken.as_secs_f64());
    }
    let bytes = std::fs::metadata(folder.join("skrynka.db")).unwrap().len();
    println!("database {} MB; {QUERIES} queries of each kind, least of {TURNS} turns", bytes >> 20);
    println!("{:<34}{:>26}{:>26}", "", "elapsed, ms", "on processors, ms");
    let heads = ["p50", "p99", "most", "p50", "p99", "most"].map(|head| format!("{head:>9}")).concat();
    println!("{:<34}{heads}{:>8}", "", "found");
    let mut dice = Dice(77);
    let mut is_over = false;
    for (title, draw) in KINDS {
        let typed: Vec<String> = (0..QUERIES).map(|_| draw(&mut dice, &people)).collect();
        let Asked { elapsed, on_processors, found } = ask(&store, &typed).await;
        let shown = |times: &[Duration]| [50, 99, 100].map(|hundredth| at(times, hundredth));
        let is_slow = at(&on_processors, 99) > P99_MAX;
        is_over |= is_slow;
        let times = [shown(&elapsed), shown(&on_processors)].concat();
        let times: String = times.into_iter().map(|time| format!("{:>9.2}", ms(time))).collect();
        println!("{title:<34}{times}{found:>8.1}{}", if is_slow { "  OVER" } else { "" });
    }
    peer(&store, &folder, &people, &mut dice).await;
    store.close().await;
    if is_over { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

struct Asked {
    /// The least time of each query, in order.
    elapsed: Vec<Duration>,
    /// The same of the time on processors.
    on_processors: Vec<Duration>,
    /// How many filings a query finds.
    found: f64,
}

async fn ask(store: &Store, typed: &[String]) -> Asked {
    let mut elapsed = vec![Duration::MAX; typed.len()];
    let mut on_processors = elapsed.clone();
    let mut found = 0;
    for _ in 0..TURNS {
        for ((typed, least), least_on) in typed.iter().zip(&mut elapsed).zip(&mut on_processors) {
            let (before, begun) = (time_on_processors(), Instant::now());
            let query = search::parse(typed).unwrap();
            let hits = store.search(&query, LIMIT).await.unwrap();
            *least = begun.elapsed().min(*least);
            *least_on = (time_on_processors() - before).min(*least_on);
            found += hits.len();
        }
    }
    elapsed.sort();
    on_processors.sort();
    let asked = f64::from(u32::try_from(TURNS * typed.len()).unwrap());
    Asked { elapsed, on_processors, found: f64::from(u32::try_from(found).unwrap()) / asked }
}

fn at(times: &[Duration], hundredth: usize) -> Duration {
    times.get((times.len() - 1) * hundredth / 100).copied().unwrap()
}

/// How long all threads of this process were on a processor.
#[expect(unsafe_code, reason = "the standard library does not read this clock")]
fn time_on_processors() -> Duration {
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `now` is a timespec that outlives the call.
    let told = unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &raw mut now) };
    assert_eq!(told, 0);
    Duration::new(u64::try_from(now.tv_sec).unwrap(), u32::try_from(now.tv_nsec).unwrap())
}

/// The same questions put to `LIKE '%…%'` over the same words.
async fn peer(store: &Store, folder: &std::path::Path, people: &[Person], dice: &mut Dice) {
    let options = SqliteConnectOptions::new().filename(folder.join("skrynka.db")).read_only(true);
    let pool = SqlitePool::connect_with(options).await.unwrap();
    println!("{:<34}{:>10}{:>10}{:>10}", "beside a scan (LIKE '%…%')", "scan ms", "ours ms", "times");
    for (title, column, draw) in PEERS {
        let (mut scan, mut ours) = (Duration::ZERO, Duration::ZERO);
        for _ in 0..PEER_QUERIES {
            let typed = draw(dice, people);
            let sql = format!(
                "SELECT filing FROM filing_words WHERE {column} LIKE '%' || $1 || '%' ORDER BY filing DESC LIMIT {LIMIT}"
            );
            let begun = Instant::now();
            let rows =
                sqlx::query(sqlx::AssertSqlSafe(sql)).bind(ukr::fold(&typed)).fetch_all(&pool).await.unwrap();
            scan += begun.elapsed();
            let begun = Instant::now();
            let hits = store.search(&search::parse(&typed).unwrap(), LIMIT).await.unwrap();
            ours += begun.elapsed();
            assert!(!rows.is_empty() && !hits.is_empty(), "{title}");
        }
        let times = scan.as_secs_f64() / ours.as_secs_f64();
        let each = u32::try_from(PEER_QUERIES).unwrap();
        println!("{title:<34}{:>10.2}{:>10.2}{times:>10.1}", ms(scan / each), ms(ours / each));
    }
    pool.close().await;
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

type Draw = fn(&mut Dice, &[Person]) -> String;

const KINDS: &[(&str, Draw)] = &[
    ("surname", |dice, people| dice.of(people).surname.clone()),
    ("surname in Latin letters", |dice, people| ukr::transliterate(&dice.of(people).surname)),
    ("beginning, one letter", |dice, people| first(&dice.of(people).surname, 1)),
    ("beginning, two letters", |dice, people| first(&dice.of(people).surname, 2)),
    ("beginning, three to seven letters", |dice, people| {
        let letters = 3 + dice.below(5);
        first(&dice.of(people).surname, letters)
    }),
    ("half of a double surname", |dice, people| {
        let double: Vec<&Person> =
            people.iter().take(5000).filter(|person| person.surname.contains('-')).collect();
        dice.of(&double).surname.split('-').next_back().unwrap().to_owned()
    }),
    ("double surname", |dice, people| {
        let double: Vec<&Person> =
            people.iter().take(5000).filter(|person| person.surname.contains('-')).collect();
        dice.of(&double).surname.clone()
    }),
    ("surname and given name", |dice, people| {
        let person = dice.of(people);
        format!("{} {}", person.surname, person.given)
    }),
    ("surname and initial", |dice, people| {
        let person = dice.of(people);
        format!("{} {}", person.surname, first(&person.given, 1))
    }),
    ("surname, given name, patronymic", |dice, people| {
        let person = dice.of(people);
        format!("{} {} {}", person.surname, person.given, person.patronymic)
    }),
    ("given name alone", |dice, people| dice.of(people).given.clone()),
    ("name:", |dice, people| format!("name:{}", dice.of(people).surname)),
    ("number, whole", |dice, people| dice.of(people).number.clone()),
    ("number, beginning", |dice, people| dice.of(people).rnokpp.get(..5).unwrap().to_owned()),
    ("number, middle", |dice, people| dice.of(people).rnokpp.get(3..8).unwrap().to_owned()),
    ("number, last four digits", |dice, people| dice.of(people).number.get(5..).unwrap().to_owned()),
    ("rnokpp:", |dice, people| format!("rnokpp:{}", dice.of(people).rnokpp)),
    ("request id", |dice, people| dice.of(people).request.clone()),
    ("request id, a part", |dice, people| dice.of(people).request.get(8..14).unwrap().to_owned()),
    ("day of birth", |dice, people| dice.of(people).born_dotted()),
    ("born:, a day", |dice, people| format!("born:{}", dice.of(people).born_dotted())),
    ("born:, a year", |dice, people| format!("born:{}", dice.of(people).born.0)),
    ("label of every page", |dice, _| (*dice.of(&LABELS)).to_owned()),
    ("two labels of every page", |dice, _| format!("{} {}", dice.of(&LABELS), dice.of(&LABELS))),
    ("label and surname", |dice, people| format!("{} {}", dice.of(&LABELS), dice.of(people).surname)),
    ("quotation", |dice, people| {
        let person = dice.of(people);
        format!("\"{} {}\"", person.surname, person.given)
    }),
    ("quotation from every page", |_, _| "\"копії документів\"".to_owned()),
    ("street", |dice, people| dice.of(people).street.clone()),
    ("doc: and surname", |dice, people| format!("doc:паспорт {}", dice.of(people).surname)),
    ("doc:", |_, _| "doc:passport".to_owned()),
    ("from:", |dice, people| format!("from:{}", dice.of(people).sender)),
    ("branch:", |dice, _| format!("branch:filia{}", dice.below(BRANCHES))),
    ("branch: and surname", |dice, people| {
        format!("branch:filia{} {}", dice.below(BRANCHES), dice.of(people).surname)
    }),
    ("service:", |_, _| "service:поселення".to_owned()),
    ("service: and month", |_, _| "service:поселення 2024-06".to_owned()),
    ("after:", |dice, _| format!("after:2025-{:02}-07", 1 + dice.below(8))),
    ("after: and surname", |dice, people| format!("after:2025-03-15 {}", dice.of(people).surname)),
    ("before: and surname", |dice, people| format!("before:2024-02-03 {}", dice.of(people).surname)),
    ("after: and before:", |dice, _| format!("after:2024-{:02}-07 before:2025-02-11", 1 + dice.below(12))),
    ("before:, the oldest", |_, _| "before:2023-01-02".to_owned()),
    ("month of receipt and surname", |dice, people| format!("2024-05 {}", dice.of(people).surname)),
    ("surname with a typo", |dice, people| typo(dice, &dice.clone().of(people).surname.clone())),
    ("two words with a typo each", |dice, people| {
        let person = dice.clone().of(people).clone();
        format!("{} {}", typo(dice, &person.surname), typo(dice, &person.given))
    }),
    ("a word that nobody has", |dice, _| format!("щъ{}ъщыъ", dice.of(&LABELS))),
];

const PEERS: &[(&str, &str, Draw)] = &[
    ("surname", "names", |dice, people| {
        dice.of(people).surname.replace(['-'], " ").split(' ').next().unwrap().to_owned()
    }),
    ("number, middle", "numbers || rnokpp", |dice, people| {
        dice.of(people).rnokpp.get(3..8).unwrap().to_owned()
    }),
    ("street, in the page's text", "page", |dice, people| dice.of(people).street.clone()),
];

const LABELS: [&str; 8] = [
    "громадянство",
    "народження",
    "проживання",
    "реєстрації",
    "запит",
    "цифрові",
    "документів",
    "ідентифікатор",
];

fn first(word: &str, letters: usize) -> String {
    word.chars().take(letters).collect()
}

fn typo(dice: &mut Dice, word: &str) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let at = 1 + dice.below(letters.len() - 2);
    match dice.below(3) {
        0 => drop(letters.remove(at)),
        1 => letters.insert(at, 'ж'),
        _ => letters.swap(at, at - 1),
    }
    letters.into_iter().collect()
}

/// Numbers from a seed.
#[derive(Clone)]
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        self.0 ^= self.0 >> 29;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 20).unwrap() % end
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        all.get(self.below(all.len())).unwrap()
    }

    fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from_digit(u32::try_from(self.below(10)).unwrap(), 10).unwrap()).collect()
    }
}

const ROOTS: [&str; 40] = [
    "Шевч",
    "Ковал",
    "Бонд",
    "Ткач",
    "Кравч",
    "Олій",
    "Лис",
    "Мельн",
    "Гончар",
    "Петр",
    "Іван",
    "Сидор",
    "Марч",
    "Захар",
    "Павл",
    "Рудн",
    "Савч",
    "Поліщ",
    "Клим",
    "Гнат",
    "Юрч",
    "Яким",
    "Федор",
    "Тимош",
    "Назар",
    "Демч",
    "Зінч",
    "Харч",
    "Прокоп",
    "Стец",
    "Білоз",
    "Чорнов",
    "Вакул",
    "Дороф",
    "Єрмол",
    "Жук",
    "Кузьм",
    "Левч",
    "Мороз",
    "Нестер",
];
const MIDDLES: [&str; 20] = [
    "", "ар", "ен", "ов", "ян", "ит", "ос", "ин", "ел", "ак", "ин", "од", "ур", "ад", "об", "ит", "ан", "ес",
    "ог", "ем",
];
const ENDS: [&str; 14] =
    ["енко", "чук", "ук", "ський", "ич", "ів", "ишин", "ець", "ак", "юк", "ович", "ій", "ана", "овський"];
const GIVEN: [&str; 24] = [
    "Тарас",
    "Леся",
    "Мар'яна",
    "Юрій",
    "Надія",
    "Ганна",
    "Катерина",
    "Іван",
    "Ольга",
    "Андрій",
    "Олександр",
    "Олена",
    "Наталія",
    "Сергій",
    "Володимир",
    "Тетяна",
    "Ірина",
    "Микола",
    "Василь",
    "Марія",
    "Дмитро",
    "Оксана",
    "Богдан",
    "Соломія",
];
const PATRONYMICS: [&str; 12] = [
    "Григорович",
    "Петрівна",
    "Андріївна",
    "Юрійович",
    "Іванович",
    "Іванівна",
    "Миколайович",
    "Василівна",
    "Сергійович",
    "Олександрівна",
    "Богданович",
    "Дмитрівна",
];

#[derive(Clone)]
struct Person {
    surname: String,
    given: String,
    patronymic: String,
    rnokpp: String,
    number: String,
    unzr: String,
    request: String,
    born: (usize, usize, usize),
    street: String,
    sender: String,
}

impl Person {
    fn drawn(dice: &mut Dice) -> Self {
        let mut surname = || format!("{}{}{}", dice.of(&ROOTS), dice.of(&MIDDLES), dice.of(&ENDS));
        let (one, other) = (surname(), surname());
        let surname = if dice.below(20) == 0 { format!("{one}-{other}") } else { one };
        let born = (1940 + dice.below(68), 1 + dice.below(12), 1 + dice.below(28));
        let street = format!("{}{}івська", dice.of(&ROOTS), dice.of(&MIDDLES));
        Self {
            sender: format!(
                "{}{}@example.com",
                ukr::transliterate(&surname).to_lowercase(),
                dice.below(1000)
            ),
            surname,
            given: (*dice.of(&GIVEN)).to_owned(),
            patronymic: (*dice.of(&PATRONYMICS)).to_owned(),
            rnokpp: dice.digits(10),
            number: dice.digits(9),
            unzr: format!("{}{:02}{:02}-{}", born.0, born.1, born.2, dice.digits(5)),
            request: format!("DR-{}", dice.digits(14)),
            born,
            street,
        }
    }

    fn born_dotted(&self) -> String {
        format!("{:02}.{:02}.{}", self.born.2, self.born.1, self.born.0)
    }

    fn reading(&self) -> Reading {
        let (born, address) = (self.born_dotted(), format!("Україна, м. Житомир, вул. {}, 4", self.street));
        let plain = Some(format!("{}-{:02}-{:02}", self.born.0, self.born.1, self.born.2));
        let latin = format!("{} {}", ukr::transliterate(&self.surname), ukr::transliterate(&self.given));
        let rows: [(&str, FieldKind, &str, &str, Option<String>); 13] = [
            ("surname", FieldKind::Name, "", &self.surname, None),
            ("given-names", FieldKind::Name, "", &self.given, None),
            ("patronymic", FieldKind::Name, "", &self.patronymic, None),
            ("name-latin", FieldKind::NameLatin, "", &latin, None),
            ("number", FieldKind::DocumentNumber, "", &self.number, None),
            ("birth-date", FieldKind::BirthDate, "Дата народження:", &born, plain),
            ("citizenship", FieldKind::Text, "Громадянство:", "Україна", None),
            ("authority", FieldKind::Code, "Орган, що видав:", "1812", None),
            ("rnokpp", FieldKind::Rnokpp, "РНОКПП (ІПН):", &self.rnokpp, None),
            ("unzr", FieldKind::Unzr, "Запис № (УНЗР):", &self.unzr, None),
            ("address", FieldKind::Place, "Місце реєстрації проживання:", &address, None),
            ("request-initiator", FieldKind::RequestInitiator, "Ініціатор запиту:", "Готель «Палаццо»", None),
            ("request-id", FieldKind::RequestId, "Ідентифікатор запиту:", &self.request, None),
        ];
        let text: String = rows.iter().map(|(_, _, label, value, _)| format!("{label} {value}\n")).collect();
        let fields = rows.into_iter().map(|(name, kind, _, value, plain)| ReadField {
            name: name.to_owned(),
            kind,
            value: value.to_owned(),
            plain,
            way: ReadingWay::Outlines,
            place: Place::default(),
            sure_percent: 100,
        });
        Reading {
            way: ReadingWay::Outlines,
            document: Some("internal-passport".parse().unwrap()),
            fields: fields.collect(),
            text: format!(
                "Паспорт громадянина України\n{text}Запит на цифрові копії документів від 02.04.2021-09:48:26\n"
            ),
            ..Reading::default()
        }
    }
}

fn people(copies: usize) -> Vec<Person> {
    let mut dice = Dice(2026);
    (0..copies).map(|_| Person::drawn(&mut dice)).collect()
}

/// Files a letter of each, one a transaction as the daemon does. All have the same bytes, in a mailbox each.
async fn fill(store: &Store, people: &[Person]) {
    let copies = people.len();
    let bytes = b"letter".to_vec();
    let digest = store.keep_blob(&bytes).await.unwrap();
    let codes = codes(store).await;
    let first: KyivDay = "2023-01-01".parse().unwrap();
    for (number, person) in people.iter().enumerate() {
        let day = first.plus(i32::try_from(number * 1000 / copies).unwrap());
        let file = format!("{number}.eml");
        let copy = Copy {
            digest: Some(Digest::of(file.as_bytes())),
            document: None,
            way: ReadingWay::Unread,
            file_name: format!("internal-passport-{}.pdf", person.unzr),
            pdf_at: Some(0),
            p7s_at: None,
        };
        let from = Address { name: String::new(), address: person.sender.clone() };
        let filing = Filing {
            mail: RawMail {
                mailbox: format!("box{number}@example.org").parse().unwrap(),
                source: Source::DropFolder { file },
                received_at: day.begins(),
                digest,
                bytes: bytes.clone(),
            },
            letter: Letter {
                from: Some(from), subject: "Копії документів".to_owned(), ..Letter::default()
            },
            verdicts: vec![],
            rests_on: vec![],
            rules: Digest::of(b"rules"),
            copies: vec![copy],
            readings: vec![Some(person.reading())],
            pictures: vec![],
            read_by: ReaderRevision { program: 1, letters: 0 },
            matched: matched(codes.get(number % BRANCHES).unwrap()),
            filed_at: day.ends(),
        };
        store.file(&filing).await.unwrap();
    }
}

fn matched(issued: &IssuedCode) -> Match {
    let matched = Matched::Session { session: issued.session.id, code: issued.code.id };
    Match {
        matched,
        branch: Some(issued.code.branch.clone()),
        reasons: vec![],
        anomalies: vec![],
        visit: None,
    }
}

/// A code for each of the branches.
async fn codes(store: &Store) -> Vec<IssuedCode> {
    let id = |number: usize| format!("filia{number}");
    let text = str::to_owned;
    let branch = |number: usize| Branch {
        id: id(number).parse().unwrap(),
        organisation: "hotel".parse().unwrap(),
        name: format!("Готель «Палаццо» № {number}"),
        address: BranchAddress {
            region: text("Житомирська область"),
            district: text("Житомирський район"),
            location: text("м. Житомир"),
            street: text("вул. Михайлівська"),
            house: number.to_string(),
        },
        mailbox: format!("filia{number}@example.org").parse().unwrap(),
        known_as: vec![],
        admins: vec![],
    };
    let registry = Registry {
        organisations: vec![Organisation {
            id: "hotel".parse().unwrap(),
            name: text("ТОВ «Палаццо»"),
            edrpou: text("13576954"),
            head: Head { name: text("Ганна Коваль"), position: text("директорка") },
            admins: vec![],
        }],
        branches: (0..BRANCHES).map(branch).collect(),
        services: vec![Service {
            id: "settling".parse().unwrap(),
            organisation: "hotel".parse().unwrap(),
            branches: (0..BRANCHES).map(|number| id(number).parse().unwrap()).collect(),
            purpose: text("для поселення у готель"),
            documents: vec!["internal-passport".parse().unwrap()],
            legal_ground: text("Закон України «Про туризм»"),
            retention_days: Some(30),
            responsible: text("Олена Бондар"),
        }],
    };
    let now = "2023-01-01".parse::<KyivDay>().unwrap().begins();
    store.apply_registry(&registry, now).await.unwrap();
    let mut codes = Vec::new();
    for number in 0..BRANCHES {
        let new = NewCode {
            kind: CodeKind::Own { token: Token::new(1_000_000 + u64::try_from(number).unwrap()).unwrap() },
            branch: id(number).parse().unwrap(),
            services: vec!["settling".parse().unwrap()],
            documents: vec!["internal-passport".parse().unwrap()],
            payload: format!("mailto:filia{number}@example.org"),
            issued_on: "2023-01-01".parse().unwrap(),
            valid_until: "2023-06-29".parse().unwrap(),
        };
        codes.push(store.issue_code(&new, now).await.unwrap());
    }
    codes
}
