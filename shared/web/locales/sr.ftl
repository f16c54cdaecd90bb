# Писање бројева
decimal-separator = ,
group-separator = .
grouped-from-digits = 4

# Оквир сваког екрана
close = Затвори
done = Готово
try-again = Покушај поново
continue = Настави
optional = необавезно
account = Рачун
signed-in-as = Пријављени сте као { $email }
code-for-support = Код за подршку: { $code }
sending = Шаље се…
offline = Изгледа да нисте на мрежи. Ништа није послато. Проверите везу и покушајте поново.
session-ending = Овај екран је дуго отворен. Ако слање више није могуће, отворите га поново из cTrader-а.

# Поља
check-fields = Проверите означена поља. Још ништа није послато.
field-required = Попуните ово поље.
field-too-long = { $max ->
    [one] Највише { $max } знак.
    [few] Највише { $max } знака.
   *[other] Највише { $max } знакова.
}
field-invalid = Овде има знакова које не можемо да прихватимо.
field-email-invalid = Унесите имејл адресу, на пример name@example.com.
field-phone-invalid = Унесите број телефона са позивним бројем земље, на пример +381 11 000 0000.
field-iban-invalid = Унесите исправан IBAN, онако како стоји на изводу из банке.
field-date-invalid = Унесите датум.
field-date-future = Овај датум је у будућности.
field-choice-invalid = Изаберите једну од понуђених могућности.
amount-invalid = Унесите износ, на пример { $example }, без раздвајања хиљада.
amount-ambiguous = Овај износ може да се прочита на два начина. На који мислите?
amount-too-precise = { $decimals ->
    [0] Без цифара после децималног зареза.
    [one] Највише { $decimals } цифра после децималног зареза.
    [few] Највише { $decimals } цифре после децималног зареза.
   *[other] Највише { $decimals } цифара после децималног зареза.
}
amount-min = Најмањи износ: { $amount }.
amount-max = Највећи износ: { $amount }.
amount-limits = Од { $min } до { $max }

# Уплата
deposit-title = Уплата
deposit-amount = Износ
deposit-presets = Уобичајени износи
deposit-currency = Валута
deposit-method = Начин плаћања
deposit-submit = Уплати
deposit-submit-amount = Уплати { $amount }
deposit-open = Уплате у току
deposit-show = Прикажи
deposit-no-method = Овде не можемо да примимо уплату на рачун у валути { $currency }. Обратите се подршци.
deposit-pay = Настави на плаћање
deposit-window-text = Страница за плаћање отвара се у новом прозору. Овај екран чека на њу.
deposit-since = Започето

# Стање уплате
deposit-created-title = Плаћање још није потврђено
deposit-created-text = Наставите на страницу за плаћање. Ако сте већ платили, немојте плаћати поново: овај екран се сам освежава.
deposit-transfer-title = Извршите пренос
deposit-transfer-text = Пренесите тачно овај износ и наведите референцу.
deposit-pending-title = Чекамо вашу уплату
deposit-pending-text = Плаћање се потврђује. Можете да затворите овај екран; ништа се не губи.
deposit-paid-title = Уплата је примљена
deposit-paid-text = Додајемо је на ваш рачун. Ово траје само тренутак.
deposit-credited-title = Уплата је завршена
deposit-credited-text = Новац је на вашем рачуну.
deposit-failed-title = Плаћање није успело
deposit-failed-text = Ништа није додато на ваш рачун. Можете да покушате поново.
deposit-expired-title = Уплата није стигла на време
deposit-expired-text = Ништа није додато на ваш рачун. Ако сте ипак платили, додаћемо новац чим плаћање буде потврђено.
deposit-checking-title = Проверавамо вашу уплату
deposit-checking-text = Молимо вас да не плаћате поново. Проверавамо и јавићемо вам се.

# Потврда идентитета
kyc-title = Потврдите свој идентитет
kyc-intro = Унесите податке тачно онако како стоје у вашем документу.
kyc-first-name = Име
kyc-last-name = Презиме
kyc-birth-date = Датум рођења
kyc-country = Земља пребивалишта
kyc-address = Улица и број
kyc-city = Град
kyc-postcode = Поштански број
kyc-document = Документ
kyc-document-number = Број документа
kyc-submit = Пошаљи на проверу
kyc-recorded-title = Подаци су примљени
kyc-recorded-text = Проверавамо их и обавестићемо вас.

# Подршка
chat-title = Подршка
chat-intro = Још нема порука. Напишите шта вам треба и јавићемо вам се.
chat-topic = О чему се ради?
chat-message = Ваша порука
chat-message-help = Никада не шаљите лозинке ни бројеве картица.
chat-submit = Пошаљи поруку
chat-recorded-title = Порука је примљена
chat-recorded-text = Јавићемо вам се.

# Посебне радње
action-submit = Пошаљи
action-recorded-title = Захтев је примљен
action-recorded-text = Побринућемо се за то.

# Исход посебне радње у систему брокера
outcome-succeeded-title = Готово
outcome-succeeded-text = Ваш захтев је извршен.
outcome-failed-title = Ово није могло да се уради
outcome-failed-text = Ништа се није променило.
outcome-unknown-title = Проверавамо ваш захтев
outcome-unknown-text = Примили смо га, али још не знамо да ли је извршен. Не морате да га шаљете поново.
check-again = Провери поново

# Забележени захтеви
reference = Референца
recorded-again = Ово је већ послато. Рачуна се једном; ево шта смо забележили.
new-request = Нови захтев

# Веза ка страници брокера
outside-text = Настављате на нашем сајту, у новом прозору:

# За програме који приказују преглед веза
preview-title = Отвори у апликацији cTrader
preview-text = Додирните „Настави“ да бисте отворили овај екран.

# Крај екрана
callback-success-title = Све је готово
callback-success-text = Можете да затворите овај екран.
callback-failure-title = То није успело
callback-failure-text = Затворите овај екран и покушајте поново из апликације cTrader.

# Грешке: шта се догодило и шта сада треба урадити
invalid-ot-token-title = Ова веза не ради
invalid-ot-token-text = Затворите овај екран и поново га отворите из апликације cTrader.
token-expired-title = Ова веза је већ искоришћена
token-expired-text = Ради ваше безбедности, свака веза се отвара једном. Затворите овај екран и поново га отворите из апликације cTrader.
user-not-found-title = Не знамо ко сте
user-not-found-text = cTrader нам то није јавио. Поново се пријавите у апликацију cTrader, па још једном отворите овај екран.
missing-required-parameter-title = Ова веза није потпуна
missing-required-parameter-text = Затворите овај екран и поново га отворите из апликације cTrader.
invalid-parameter-title = Ова веза је оштећена
invalid-parameter-text = Затворите овај екран и поново га отворите из апликације cTrader.
broker-mismatch-title = Овај рачун је код другог брокера
broker-mismatch-text = У апликацији cTrader пређите на неки од својих рачуна код нас, па поново отворите овај екран.
account-mismatch-title = Изабран је други рачун
account-mismatch-text = У апликацији cTrader изаберите рачун који желите да користите, па поново отворите овај екран.
other-site-title = Овај екран није отворен из апликације cTrader
other-site-text = Ради ваше безбедности, затворите ову страницу и отворите екран из апликације cTrader.
session-expired-title = Ваша сесија је завршена
session-expired-text = Оно што сте већ послали важи. Затворите овај екран и поново га отворите из апликације cTrader.
upstream-unauthorized-title = Тренутно не можемо да вас пријавимо
upstream-unauthorized-text = Грешка је наша и већ смо обавештени о њој. Покушајте касније из апликације cTrader.
upstream-contract-title = Тренутно не можемо да вас пријавимо
upstream-contract-text = Затворите овај екран и поново га отворите из апликације cTrader.
set-up-unfinished-title = Овај екран још није спреман
set-up-unfinished-text = Ваш брокер треба да га подеси до краја. Нисте ништа погрешили. Обратите се подршци.
upstream-unavailable-title = cTrader је заузет
upstream-unavailable-text = Ништа није изгубљено. Сачекајте тренутак, па покушајте поново.
redemption-unknown-title = Веза са апликацијом cTrader је прекинута
redemption-unknown-text = Затворите овај екран и поново га отворите из апликације cTrader.
service-unavailable-title = Накратко нисмо доступни
service-unavailable-text = Ништа није изгубљено. Сачекајте тренутак, па покушајте поново.
too-many-requests-title = То је све за данас
too-many-requests-text = Послали сте онолико захтева колико можемо да примимо у једном дану. Овај није послат. Покушајте поново сутра.
open-deposits-title = Превише уплата у току
open-deposits-text = Имате онолико уплата у току колико је могуће истовремено. Довршите једну од њих или сачекајте да се нека заврши. После тога можете да направите нову.
not-found-title = Овде нема ничега
not-found-text = Затворите овај екран и поново га отворите из апликације cTrader.
method-not-allowed-title = Ово не може тако да се отвори
method-not-allowed-text = Затворите овај екран и поново га отворите из апликације cTrader.
payload-too-large-title = То је превише одједном
payload-too-large-text = Ништа није послато. Вратите се, скратите текст и пошаљите га поново.
internal-error-title = Нешто је код нас пошло наопако
internal-error-text = Затворите овај екран и поново га отворите из апликације cTrader. Ако сте нешто већ послали, обратите се подршци пре него што пошаљете поново.
