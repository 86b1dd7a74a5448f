//! The fixed words of the pages.

/// A table of names with their two wordings → a struct of words, its two values and a list for the tests.
macro_rules! words {
    ($($name:ident: $uk:literal, $en:literal;)+) => {
        /// The fixed words of the pages in one language.
        #[derive(Debug)]
        pub struct Words {
            $(
                #[doc = concat!("The word `", stringify!($name), "`.")]
                pub $name: &'static str,
            )+
        }

        /// In Ukrainian.
        pub static UK: Words = Words { $($name: $uk,)+ };

        /// In English.
        pub static EN: Words = Words { $($name: $en,)+ };

        /// Every word: its name, Ukrainian, English.
        pub static ALL: &[(&str, &str, &str)] = &[$((stringify!($name), $uk, $en),)+];
    };
}

words! {
    // The frame of every page.
    product: "Скринька", "Skrynka";
    skip: "До вмісту", "Skip to content";
    navigation: "Розділи", "Sections";
    nav_letters: "Листи", "Letters";
    nav_search: "Пошук", "Search";
    nav_codes: "Коди", "Codes";
    nav_health: "Стан", "Health";
    sign_out: "Вийти", "Sign out";
    sign_out_everywhere: "Вийти на всіх пристроях", "Sign out on every device";
    language: "Мова", "Language";
    language_uk: "Українська", "Українська (Ukrainian)";
    language_en: "English (англійська)", "English";
    ago_units: "# с тому|# хв тому|# год тому|# дн тому", "# s ago|# min ago|# h ago|# d ago";
    kyiv_time: "Час київський", "Times are Kyiv's";

    // The way in.
    sign_in: "Увійти", "Sign in";
    sign_in_title: "Вхід", "Sign in";
    login: "Логін", "Login";
    password: "Пароль", "Password";
    password_new: "Новий пароль", "New password";
    password_again: "Ще раз той самий пароль", "The same password again";
    password_hint: "Щонайменше 10 знаків. Найкраще кілька слів, які легко запам’ятати.", "At least 10 characters. A few words that are easy to remember work best.";
    password_save: "Зберегти пароль", "Save the password";
    password_title: "Ваш пароль", "Your password";
    password_intro: "Задайте пароль, з яким ви входитимете. Це посилання діє один раз.", "Set the password that you will sign in with. This link works once.";
    password_short: "Пароль закороткий: потрібно щонайменше 10 знаків.", "The password is too short: it takes at least 10 characters.";
    password_long: "Пароль задовгий: щонайбільше 200 знаків.", "The password is too long: 200 characters at most.";
    password_differs: "Паролі не збігаються. Введіть той самий пароль двічі.", "The passwords differ. Type the same one twice.";
    password_saved: "Пароль збережено. Тепер увійдіть.", "The password is saved. Now sign in.";
    link_useless: "Це посилання вже використано або його строк минув. Попросіть адміністратора про нове.", "This link was used already or has ended. Ask your administrator for a new one.";
    sign_in_wrong: "Логін або пароль не підходить. Перевірте розкладку й Caps Lock і спробуйте ще раз.", "The login or the password is not right. Check the keyboard layout and Caps Lock, then try again.";
    sign_in_busy: "Забагато спроб одночасно. Зачекайте кілька секунд і спробуйте ще раз.", "Too many tries at once. Wait a few seconds, then try again.";
    sign_in_forgot: "Забули пароль? Адміністратор дасть вам нове посилання.", "Forgot it? Your administrator gives you a new link.";
    signed_out: "Ви вийшли.", "You are signed out.";

    // When something cannot be shown.
    not_found_title: "Такої сторінки немає", "There is no such page";
    not_found_text: "Можливо, адресу введено з помилкою або те, що на ній було, вам не показують.", "The address may be mistyped, or what was there is not shown to you.";
    forbidden_title: "Тут потрібні інші права", "This takes other rights";
    forbidden_text: "Про це може подбати адміністратор вашого відділення чи організації.", "The administrator of your branch or organisation can do this.";
    stale_title: "Сторінка застаріла", "The page has grown old";
    stale_text: "Поверніться назад, оновіть сторінку (F5) і спробуйте ще раз. Нічого не змінено.", "Go back, reload the page (F5) and try again. Nothing was changed.";
    bad_title: "Запит незрозумілий", "The request makes no sense";
    bad_text: "Поверніться назад і спробуйте ще раз.", "Go back and try again.";
    broken_title: "Щось не працює", "Something does not work";
    broken_text: "Листи не втрачено. Спробуйте за хвилину; якщо не минеться, скажіть адміністраторові.", "No letter is lost. Try again in a minute; if it stays so, tell your administrator.";
    busy_title: "Забагато запитів", "Too many requests";
    busy_text: "Зачекайте кілька секунд і спробуйте ще раз.", "Wait a few seconds, then try again.";
    to_start: "До листів", "To the letters";

    // Letters.
    letters_title: "Листи", "Letters";
    live_on: "Нові листи з’являються самі", "New letters appear by themselves";
    live_off: "Зв’язку зі Скринькою немає, пробую знову…", "No connection to Skrynka, trying again…";
    live_over: "Ви вийшли. Увійдіть знову.", "You are signed out. Sign in again.";
    letters_none: "Листів ще немає. Щойно надійде перший, він з’явиться тут.", "No letters yet. The first one will appear here as soon as it comes.";
    letters_older: "Давніші", "Older";
    letters_newest: "Найновіші", "Newest";
    column_light: "Справжність", "Genuineness";
    column_person: "Хто", "Person";
    column_documents: "Документи", "Documents";
    column_service: "Послуга", "Service";
    column_when: "Коли", "When";
    person_unread: "ім’я не прочитано", "name not read";
    no_service: "без коду", "no code";
    repeats: "повтор", "repeated";
    missing_title: "Лист не прийшов?", "No letter?";
    missing_wait: "Зачекайте пів хвилини: з пошти лист іде до нас кілька секунд, інколи довше.", "Wait half a minute: a letter takes some seconds from the post to us, sometimes longer.";
    missing_sent: "Попросіть відвідувача показати теку «Надіслані»: лист має бути там, без позначки про помилку.", "Ask the visitor to show the folder of sent letters: the letter must be there, without a note of failure.";
    missing_address: "Порівняйте адресу в надісланому листі з адресою вашої скриньки:", "Compare the address in the sent letter with that of your mailbox:";
    missing_spam: "Загляньте в теку «Спам» скриньки: Скринька дивиться лише в теки, які їй названо. Перенесіть лист у «Вхідні».", "Look into the spam folder of the mailbox: Skrynka looks only into the folders that it was told of. Move the letter to the inbox.";
    missing_again: "Попросіть надіслати ще раз: повторний лист нічого не зіпсує.", "Ask to send it once more: a second letter does no harm.";
    missing_other: "Лист могли надіслати за кодом іншого відділення: тоді він там.", "It may have been sent by another branch’s code: then it is there.";

    // One letter.
    letter_title: "Лист", "Letter";
    letter_from: "Від", "From";
    letter_subject: "Тема", "Subject";
    letter_received: "Надійшов", "Received";
    letter_branch: "Відділення", "Branch";
    letter_mailbox: "Скринька", "Mailbox";
    letter_service: "Послуга", "Service";
    letter_signatures: "Підписи", "Signatures";
    letter_documents: "Документи", "Documents";
    letter_files: "Файли", "Files";
    letter_remarks: "На що звернути увагу", "What to look at";
    letter_repeats: "Те саме вже надходило:", "The same came before:";
    letter_unsigned: "без підпису", "unsigned";
    letter_unread: "Ще не прочитано", "Not read yet";
    letter_next: "Що робити:", "What to do:";
    letter_picture: "Перша сторінка", "First page";
    letter_download: "Завантажити", "Download";
    letter_whole: "Увесь лист (.eml)", "The whole letter (.eml)";
    letter_print: "Друкувати", "Print";
    document_unknown: "вид документа невідомий", "kind of document unknown";

    // What is known of genuineness, until a letter has a light of its own.
    light_green: "Можна приймати; звірте обличчя", "May be accepted; compare the face";
    light_amber: "Придивіться, перш ніж приймати", "Look at it before you accept it";
    light_red: "Не приймайте", "Do not accept it";
    light_none: "Ще визначається", "Not known yet";

    // Search.
    search_title: "Пошук", "Search";
    search_box: "Ім’я, номер, дата, документ…", "Name, number, date, document…";
    search_go: "Знайти", "Find";
    search_hint: "Досить початку слова, будь-якою абеткою; від номера — чотирьох цифр. Клавіша / веде до цього рядка, ↑ ↓ і Enter — до листа.", "The beginning of a word is enough, in either alphabet; of a number, four digits. The key / leads to this box, ↑ ↓ and Enter to a letter.";
    search_filters: "Уточнити", "Narrow down";
    search_branch: "Відділення", "Branch";
    search_service: "Послуга", "Service";
    search_document: "Документ", "Document";
    search_from: "Від дня", "From";
    search_until: "До дня", "Until";
    search_any: "усі", "any";
    search_empty: "Введіть, що шукати.", "Type what to look for.";
    search_none: "Нічого не знайдено.", "Nothing was found.";
    search_tried: "Шукали так:", "This was tried:";
    search_none_hint: "Спробуйте лише прізвище, чотири цифри номера або заберіть уточнення. Щойно надісланий лист з’явиться тут за кілька секунд.", "Try the surname alone, four digits of a number, or fewer filters. A letter that was just sent appears here within seconds.";
    search_found_in: "Знайдено:", "Found in:";
    search_typo: "з одною іншою літерою", "with one letter different";

    // Health.
    health_title: "Стан", "Health";
    health_mailboxes: "Скриньки", "Mailboxes";
    health_last_round: "Востаннє прочитано", "Last read";
    health_newest: "Останній лист", "Newest letter";
    health_lag: "Від надходження до картки", "From receipt to filing";
    health_state: "Стан", "State";
    health_well: "читається", "is read";
    health_silent: "зв’язку немає", "no connection";
    health_never: "ще не прочитано", "not read yet";
    health_unwatched: "не під наглядом", "not watched";
    health_quarantine: "Листи в карантині", "Letters in quarantine";
    health_quarantine_none: "Карантин порожній.", "The quarantine is empty.";
    health_quarantine_text: "Ці листи не вдалося зареєструвати. Вони збережені; адміністратор вирішить, що з ними робити (`skrynka quarantine list`).", "These letters could not be filed. They are kept; the administrator decides (`skrynka quarantine list`).";
    health_notices: "Коди, що скоро скінчаться", "Codes that end soon";
    health_notices_none: "Найближчими 30 днями жоден код не скінчиться.", "No code ends within the next 30 days.";
    health_trust: "Кому довіряємо", "Whom we trust";
    health_trust_none: "Жодного довіреного центру: жоден підпис не буде підтверджено. Скажіть адміністраторові.", "No trusted authority: no signature will be confirmed. Tell your administrator.";
    health_trust_ends: "діє до", "valid until";

    // Codes.
    codes_title: "Коди", "Codes";
    codes_none: "Кодів ще немає.", "No codes yet.";
    codes_number: "№\u{a0}", "No.\u{a0}";
    code_title: "Код", "Code";
    code_branch: "Відділення", "Branch";
    code_services: "Послуги", "Services";
    code_documents: "Документи", "Documents";
    code_state: "Стан", "State";
    code_days_left: "Днів лишилося", "Days left";
    code_letters: "Листів", "Letters";
    code_valid: "Діє", "Valid";
    code_kind: "Вид", "Kind";
    code_kind_own: "власний", "own";
    code_kind_registered: "з кабінету Дії", "from the Diia cabinet";
    code_poster: "Плакат", "Poster";
    code_poster_download: "Завантажити плакат (SVG)", "Download the poster (SVG)";
    code_poster_useless: "Цей код не діє: не вішайте його плаката.", "This code does not work: do not put its poster up.";
    code_poster_none: "Плаката не зробити: відділення чи послуги вже немає в реєстрі.", "No poster can be made: the branch or a service is no longer in the registry.";
    code_issue: "Створити код", "Make a code";
    code_issue_text: "Власний код читає камера будь-якого телефону: відкривається лист до вашої скриньки.", "Any phone camera reads an own code: it opens a letter to your mailbox.";
    code_register: "Додати код з Дії", "Add a code from Diia";
    code_register_text: "Код, який сканують усередині застосунку Дія, створює керівник у кабінеті Дії. Тут ви додаєте його, щоб друкувати плакат і впізнавати листи.", "A code that is scanned inside the Diia app is made by the head in the Diia cabinet. Here you add it, to print its poster and to recognise its letters.";
    code_payload: "Посилання з коду", "The code’s link";
    code_payload_hint: "Починається з https://diia.app/. Або додайте картинку коду нижче.", "It begins with https://diia.app/. Or add the picture of the code below.";
    code_picture: "Картинка коду (SVG або PNG)", "Picture of the code (SVG or PNG)";
    code_issued_on: "День створення в кабінеті", "The day it was made in the cabinet";
    code_services_hint: "Кілька послуг — лише якщо в них ті самі документи.", "Several services only if they ask for the same documents.";
    code_ground: "Правова підстава", "Legal ground";
    code_ground_hint: "Запитувати документи можна лише на правовій підставі, на визначений строк і з відповідальною особою. Чого бракує, додає адміністратор у реєстрі.", "Documents may be asked for only on a legal ground, for a set term, with a person who answers for it. What is missing the administrator adds in the registry.";
    code_ground_confirm: "Підтверджую, що ця підстава чинна й документи потрібні саме для цієї послуги", "I confirm that this ground is in force and that the documents are needed for this very service";
    code_ground_needed: "Підтвердьте правову підставу: без неї коду не створити.", "Confirm the legal ground: without it no code can be made.";
    code_service_needed: "Оберіть хоча б одну послугу.", "Choose at least one service.";
    code_branch_needed: "Оберіть відділення.", "Choose a branch.";
    code_payload_needed: "Вставте посилання або додайте картинку коду.", "Paste the link or add the picture of the code.";
    code_payload_bad: "Це не посилання з коду Дії: воно має починатися з https://diia.app/. Скопіюйте його з кабінету ще раз.", "This is not the link of a Diia code: it must begin with https://diia.app/. Copy it from the cabinet once more.";
    code_picture_bad: "На картинці не вдалося прочитати код. Завантажте її з кабінету ще раз (SVG або PNG) або вставте посилання.", "No code could be read in the picture. Download it from the cabinet once more (SVG or PNG), or paste the link.";
    code_taken: "Цей код уже є в списку:", "This code is in the list already:";
    code_refused: "Коду не створено. Кілька послуг можуть мати один код, лише якщо запитують ті самі документи й надаються в цьому відділенні; день створення не може бути в майбутньому.", "No code was made. Services share a code only if they ask for the same documents and are offered at this branch; the day of making cannot be in the future.";
    code_day_needed: "Вкажіть день, коли код створено в кабінеті.", "Give the day on which the cabinet made the code.";
    code_naming_title: "Як назвати", "About names";
    code_naming: "Назва відділення й послуги має сказати відвідувачеві, хто й навіщо запитує документи. Дія не дозволяє назв «Дія», «ідентифікація», «реєстрація клієнта» без уточнення. Коротка назва — до 32 знаків.", "The names of branch and service must tell a visitor who asks for documents and why. Diia does not allow «Дія», «ідентифікація», «реєстрація клієнта» by themselves. A short name has up to 32 characters.";
    code_online: "Розміщувати код в інтернеті заборонено правилами Дії.", "The rules of Diia forbid placing a code online.";
    code_retire: "Вивести з ужитку", "Take out of use";
    code_retire_text: "Зніміть плакат. Листи за цим кодом і далі надходитимуть, але матимуть позначку.", "Take the poster down. Letters by this code are still filed, with a mark.";
    code_retire_confirm: "Плакат знято, код більше не потрібен", "The poster is down, the code is no longer needed";
    code_retire_needed: "Позначте, що плакат знято.", "Tick that the poster is down.";
    code_lacks: "бракує:", "lacks:";
    lack_ground: "правової підстави", "a legal ground";
    lack_retention: "строку зберігання", "a retention term";
    lack_responsible: "відповідальної особи", "a responsible person";
}
