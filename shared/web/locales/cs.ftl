# Zápis čísel
decimal-separator = ,
group-separator = { "\u00A0" }
grouped-from-digits = 4

# Rámec každé obrazovky
close = Zavřít
done = Hotovo
try-again = Zkusit znovu
continue = Pokračovat
optional = nepovinné
account = Účet
signed-in-as = Přihlášený uživatel: { $email }
code-for-support = Kód pro podporu: { $code }
sending = Odesílání…
offline = Zdá se, že jste offline. Nic nebylo odesláno. Zkontrolujte připojení a zkuste to znovu.
session-ending = Tato obrazovka je otevřená už dlouho. Pokud už nejde odeslat, otevřete ji znovu z cTraderu.

# Pole
check-fields = Zkontrolujte prosím označená pole. Zatím nebylo nic odesláno.
field-required = Vyplňte prosím toto pole.
field-too-long = Maximální počet znaků: { $max }.
field-invalid = Pole obsahuje znaky, které nemůžeme přijmout.
field-email-invalid = Zadejte e-mailovou adresu, např. jmeno@example.com.
field-phone-invalid = Zadejte telefonní číslo s předvolbou země, např. +420 123 456 789.
field-iban-invalid = Zadejte platný IBAN, jak je uveden na výpisu z účtu.
field-date-invalid = Zadejte datum.
field-date-future = Toto datum je v budoucnosti.
field-choice-invalid = Vyberte jednu z těchto možností.
amount-invalid = Zadejte částku, např. { $example }, bez oddělovačů tisíců.
amount-ambiguous = Tuto částku lze přečíst dvěma způsoby. Kterou máte na mysli?
amount-too-precise = Maximální počet desetinných míst: { $decimals }.
amount-min = Minimální částka: { $amount }.
amount-max = Maximální částka: { $amount }.
amount-limits = Od { $min } do { $max }

# Vklad
deposit-title = Vklad
deposit-amount = Částka
deposit-presets = Obvyklé částky
deposit-currency = Měna
deposit-method = Způsob platby
deposit-submit = Vložit
deposit-submit-amount = Vložit { $amount }
deposit-open = Probíhající vklady
deposit-show = Zobrazit
deposit-no-method = Vklady na účet v měně { $currency } zde nemůžeme přijímat. Zeptejte se prosím podpory.
deposit-pay = Pokračovat k platbě
deposit-window-text = Platební stránka se otevře v novém okně. Tato obrazovka na ni počká.
deposit-since = Zahájeno

# Status of a deposit
deposit-created-title = Platba zatím nepotvrzena
deposit-created-text = Pokračujte na platební stránku. Pokud jste už zaplatili, neplaťte znovu: tato obrazovka se aktualizuje sama.
deposit-transfer-title = Proveďte převod
deposit-transfer-text = Převeďte přesně tuto částku a uveďte referenční číslo.
deposit-pending-title = Čekáme na vaši platbu
deposit-pending-text = Platba se potvrzuje. Tuto obrazovku můžete zavřít, nic se neztratí.
deposit-paid-title = Platba přijata
deposit-paid-text = Připisujeme ji na váš účet. Chvilku to potrvá.
deposit-credited-title = Vklad dokončen
deposit-credited-text = Peníze jsou na vašem účtu.
deposit-failed-title = Platba neproběhla
deposit-failed-text = Na váš účet nebylo nic připsáno. Můžete to zkusit znovu.
deposit-expired-title = Včas nedorazila žádná platba
deposit-expired-text = Na váš účet nebylo nic připsáno. Pokud byla platba odeslána, připíšeme ji, jakmile bude potvrzena.
deposit-checking-title = Ověřujeme váš vklad
deposit-checking-text = Neplaťte prosím znovu. Prověřujeme to a ozveme se vám.

# Ověření totožnosti
kyc-title = Ověřte svou totožnost
kyc-intro = Zadejte své údaje přesně tak, jak jsou uvedeny v dokladu.
kyc-first-name = Jméno
kyc-last-name = Příjmení
kyc-birth-date = Datum narození
kyc-country = Země bydliště
kyc-address = Ulice a číslo
kyc-city = Město
kyc-postcode = PSČ
kyc-document = Doklad
kyc-document-number = Číslo dokladu
kyc-submit = Odeslat k ověření
kyc-recorded-title = Údaje přijaty
kyc-recorded-text = Kontrolujeme je a dáme vám vědět.

# Podpora
chat-title = Podpora
chat-intro = Zatím žádné zprávy. Napište nám, co potřebujete, a my se vám ozveme.
chat-topic = Čeho se to týká?
chat-message = Vaše zpráva
chat-message-help = Nikdy prosím neposílejte hesla ani čísla karet.
chat-submit = Odeslat zprávu
chat-recorded-title = Zpráva přijata
chat-recorded-text = Ozveme se vám.

# Vlastní akce
action-submit = Odeslat
action-recorded-title = Žádost přijata
action-recorded-text = Postaráme se o to.

# Jak s vlastní akcí naložil systém brokera
outcome-succeeded-title = Hotovo
outcome-succeeded-text = Vaše žádost byla vyřízena.
outcome-failed-title = Nepodařilo se to provést
outcome-failed-text = Nic se nezměnilo.
outcome-unknown-title = Ověřujeme vaši žádost
outcome-unknown-text = Máme ji, ale zatím nevíme, zda byla vyřízena. Není třeba ji posílat znovu.
check-again = Zkontrolovat znovu

# Co bylo zaznamenáno
reference = Referenční číslo
recorded-again = Toto již bylo odesláno. Počítá se jen jednou; zde je, co máme.
new-request = Nová žádost

# Cesta na vlastní stránku brokera
outside-text = Pokračujete na našem webu v novém okně:

# Pro programy, které zobrazují náhled odkazů
preview-title = Otevřít v cTrader
preview-text = Klepnutím na „Pokračovat“ otevřete tuto obrazovku.

# Kde cTrader obrazovku zavírá
callback-success-title = Vše je hotovo
callback-success-text = Tuto obrazovku můžete zavřít.
callback-failure-title = Nepodařilo se to
callback-failure-text = Zavřete prosím tuto obrazovku a zkuste to znovu z aplikace cTrader.

# Chyby: co se stalo a co teď dělat
invalid-ot-token-title = Tento odkaz nefunguje
invalid-ot-token-text = Zavřete tuto obrazovku a otevřete ji znovu z aplikace cTrader.
token-expired-title = Tento odkaz již byl použit
token-expired-text = Pro vaši bezpečnost lze každý odkaz otevřít jen jednou. Zavřete tuto obrazovku a otevřete ji znovu z aplikace cTrader.
user-not-found-title = Nevíme, kdo jste
user-not-found-text = cTrader nám to nesdělil. Přihlaste se znovu do aplikace cTrader a poté tuto obrazovku otevřete ještě jednou.
missing-required-parameter-title = Tento odkaz je neúplný
missing-required-parameter-text = Zavřete tuto obrazovku a otevřete ji znovu z aplikace cTrader.
invalid-parameter-title = Tento odkaz je poškozený
invalid-parameter-text = Zavřete tuto obrazovku a otevřete ji znovu z aplikace cTrader.
broker-mismatch-title = Tento účet je u jiného brokera
broker-mismatch-text = V aplikaci cTrader přepněte na jeden ze svých účtů u nás a poté tuto obrazovku otevřete znovu.
account-mismatch-title = Je vybrán jiný účet
account-mismatch-text = V aplikaci cTrader vyberte účet, který chcete použít, a poté tuto obrazovku otevřete znovu.
other-site-title = Tato obrazovka nebyla otevřena z aplikace cTrader
other-site-text = Pro vaši bezpečnost tuto stránku zavřete a obrazovku otevřete z aplikace cTrader.
session-expired-title = Vaše relace skončila
session-expired-text = Co již bylo odesláno, platí. Zavřete tuto obrazovku a otevřete ji znovu z aplikace cTrader.
upstream-unauthorized-title = Teď vás nemůžeme přihlásit
upstream-unauthorized-text = Chyba je na naší straně a už o ní víme. Zkuste to prosím později znovu z aplikace cTrader.
upstream-contract-title = Teď vás nemůžeme přihlásit
upstream-contract-text = Zavřete tuto obrazovku a otevřete ji znovu z aplikace cTrader.
set-up-unfinished-title = Tato obrazovka ještě není připravena
set-up-unfinished-text = Váš broker musí nejprve dokončit její nastavení. Neudělali jste nic špatně. Obraťte se prosím na podporu.
upstream-unavailable-title = cTrader je právě vytížený
upstream-unavailable-text = Nic se neztratilo. Chvíli počkejte a zkuste to znovu.
redemption-unknown-title = Spojení s cTrader bylo ztraceno
redemption-unknown-text = Zavřete tuto obrazovku a otevřete ji znovu z aplikace cTrader.
service-unavailable-title = Krátce nejsme k dispozici
service-unavailable-text = Nic se neztratilo. Chvíli počkejte a zkuste to znovu.
too-many-requests-title = Pro dnešek je to vše
too-many-requests-text = Odeslali jste tolik žádostí, kolik můžeme za jeden den přijmout. Tato nebyla odeslána. Zkuste to prosím zítra.
open-deposits-title = Příliš mnoho probíhajících vkladů
open-deposits-text = Máte tolik probíhajících vkladů, kolik je současně možné. Dokončete jeden z nich, nebo počkejte, až některý skončí. Potom můžete provést další.
not-found-title = Tady nic není
not-found-text = Zavřete tuto obrazovku a otevřete ji znovu z aplikace cTrader.
method-not-allowed-title = Takto to nelze otevřít
method-not-allowed-text = Zavřete tuto obrazovku a otevřete ji znovu z aplikace cTrader.
payload-too-large-title = To je příliš mnoho najednou
payload-too-large-text = Nic nebylo odesláno. Vraťte se, zkraťte text a odešlete ho znovu.
internal-error-title = Na naší straně se něco pokazilo
internal-error-text = Zavřete tuto obrazovku a otevřete ji znovu z aplikace cTrader. Pokud již bylo něco odesláno, zeptejte se podpory, než to odešlete znovu.
