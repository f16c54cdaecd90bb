# Ako sa píšu čísla
decimal-separator = ,
group-separator = { "\u00A0" }
grouped-from-digits = 4

# Rám každej obrazovky
close = Zavrieť
done = Hotovo
try-again = Skúsiť znova
continue = Pokračovať
optional = nepovinné
account = Účet
signed-in-as = Prihlásený účet: { $email }
code-for-support = Kód pre podporu: { $code }
sending = Odosiela sa…
offline = Zdá sa, že ste offline. Nič sa neodoslalo. Skontrolujte pripojenie a skúste to znova.
session-ending = Táto obrazovka je otvorená už dlho. Ak sa už nedá odoslať, otvorte ju znova z cTraderu.

# Polia
check-fields = Skontrolujte označené polia. Zatiaľ sa nič neodoslalo.
field-required = Vyplňte toto pole.
field-too-long = Maximálny počet znakov: { $max }.
field-invalid = Obsahuje znaky, ktoré nemôžeme prijať.
field-email-invalid = Zadajte e-mailovú adresu, napríklad meno@example.com.
field-phone-invalid = Zadajte telefónne číslo s predvoľbou krajiny, napríklad +421 2 0000 0000.
field-iban-invalid = Zadajte platný IBAN, ako je uvedený na výpise z účtu.
field-date-invalid = Zadajte dátum.
field-date-future = Tento dátum je v budúcnosti.
field-choice-invalid = Vyberte jednu z možností.
amount-invalid = Zadajte sumu, napríklad { $example }, bez oddeľovača tisícov.
amount-ambiguous = Túto sumu možno prečítať dvoma spôsobmi. Ktorú máte na mysli?
amount-too-precise = Maximálny počet desatinných miest: { $decimals }.
amount-min = Minimálna suma: { $amount }.
amount-max = Maximálna suma: { $amount }.
amount-limits = Od { $min } do { $max }

# Vklad
deposit-title = Vklad
deposit-amount = Suma
deposit-presets = Časté sumy
deposit-currency = Mena
deposit-method = Spôsob platby
deposit-submit = Vložiť
deposit-submit-amount = Vložiť { $amount }
deposit-open = Prebiehajúce vklady
deposit-show = Zobraziť
deposit-no-method = Vklady na účet v mene { $currency } tu nemôžeme prijímať. Obráťte sa na podporu.
deposit-pay = Pokračovať k platbe
deposit-window-text = Platobná stránka sa otvorí v novom okne. Táto obrazovka na ňu počká.
deposit-since = Začaté

# Status of a deposit
deposit-created-title = Platba zatiaľ nepotvrdená
deposit-created-text = Pokračujte na platobnú stránku. Ak ste už zaplatili, neplaťte znova: táto obrazovka sa aktualizuje sama.
deposit-transfer-title = Urobte prevod
deposit-transfer-text = Preveďte presne túto sumu a uveďte referenciu.
deposit-pending-title = Čakáme na vašu platbu
deposit-pending-text = Platba sa potvrdzuje. Túto obrazovku môžete zavrieť, nič sa nestratí.
deposit-paid-title = Platba prijatá
deposit-paid-text = Pripisujeme ju na váš účet. Chvíľu to potrvá.
deposit-credited-title = Vklad dokončený
deposit-credited-text = Peniaze sú na vašom účte.
deposit-failed-title = Platba neprebehla
deposit-failed-text = Na váš účet sa nič nepripísalo. Môžete to skúsiť znova.
deposit-expired-title = Včas neprišla žiadna platba
deposit-expired-text = Na váš účet sa nič nepripísalo. Ak bola platba odoslaná, pripíšeme ju hneď, ako bude potvrdená.
deposit-checking-title = Overujeme váš vklad
deposit-checking-text = Neplaťte, prosím, znova. Preverujeme to a ozveme sa vám.

# Overenie totožnosti
kyc-title = Overte svoju totožnosť
kyc-intro = Zadajte svoje údaje presne tak, ako sú uvedené v doklade.
kyc-first-name = Meno
kyc-last-name = Priezvisko
kyc-birth-date = Dátum narodenia
kyc-country = Krajina pobytu
kyc-address = Ulica a číslo
kyc-city = Mesto
kyc-postcode = PSČ
kyc-document = Doklad
kyc-document-number = Číslo dokladu
kyc-submit = Odoslať na overenie
kyc-recorded-title = Údaje prijaté
kyc-recorded-text = Overujeme ich a dáme vám vedieť.

# Podpora
chat-title = Podpora
chat-intro = Zatiaľ žiadne správy. Napíšte nám, čo potrebujete, a ozveme sa vám.
chat-topic = Čoho sa to týka?
chat-message = Vaša správa
chat-message-help = Nikdy neposielajte heslá ani čísla kariet.
chat-submit = Odoslať správu
chat-recorded-title = Správa prijatá
chat-recorded-text = Ozveme sa vám.

# Vlastné akcie
action-submit = Odoslať
action-recorded-title = Žiadosť prijatá
action-recorded-text = Postaráme sa o to.

# Ako s vlastnou akciou naložil systém brokera
outcome-succeeded-title = Hotovo
outcome-succeeded-text = Vaša žiadosť bola vybavená.
outcome-failed-title = Nepodarilo sa to vykonať
outcome-failed-text = Nič sa nezmenilo.
outcome-unknown-title = Overujeme vašu žiadosť
outcome-unknown-text = Máme ju, ale zatiaľ nevieme, či bola vybavená. Nemusíte ju posielať znova.
check-again = Skontrolovať znova

# Čo sa zaznamenalo
reference = Referencia
recorded-again = Toto už bolo odoslané a počíta sa len raz. Tu je náš záznam.
new-request = Nová žiadosť

# Cesta na vlastnú stránku brokera
outside-text = Pokračujete na našej webovej stránke v novom okne:

# Pre programy, ktoré zobrazujú náhľad odkazov
preview-title = Otvoriť v platforme cTrader
preview-text = Ťuknite na Pokračovať a otvorte túto obrazovku.

# Kde cTrader zatvára obrazovku
callback-success-title = Všetko je hotové
callback-success-text = Túto obrazovku môžete zavrieť.
callback-failure-title = Nepodarilo sa to
callback-failure-text = Zavrite túto obrazovku a skúste to znova z platformy cTrader.

# Chyby: čo sa stalo a čo robiť
invalid-ot-token-title = Tento odkaz nefunguje
invalid-ot-token-text = Zavrite túto obrazovku a znova ju otvorte z platformy cTrader.
token-expired-title = Tento odkaz už bol použitý
token-expired-text = Pre vašu bezpečnosť sa každý odkaz otvorí iba raz. Zavrite túto obrazovku a znova ju otvorte z platformy cTrader.
user-not-found-title = Nevieme, kto ste
user-not-found-text = cTrader nám to neoznámil. Znova sa prihláste do platformy cTrader a otvorte túto obrazovku ešte raz.
missing-required-parameter-title = Tento odkaz je neúplný
missing-required-parameter-text = Zavrite túto obrazovku a znova ju otvorte z platformy cTrader.
invalid-parameter-title = Tento odkaz je poškodený
invalid-parameter-text = Zavrite túto obrazovku a znova ju otvorte z platformy cTrader.
broker-mismatch-title = Tento účet je u iného brokera
broker-mismatch-text = Prepnite sa v platforme cTrader na jeden zo svojich účtov u nás a znova otvorte túto obrazovku.
account-mismatch-title = Je vybraný iný účet
account-mismatch-text = Vyberte v platforme cTrader účet, ktorý chcete použiť, a znova otvorte túto obrazovku.
other-site-title = Táto obrazovka nebola otvorená z platformy cTrader
other-site-text = Pre vašu bezpečnosť túto stránku zatvorte a obrazovku otvorte z platformy cTrader.
session-expired-title = Vaša relácia sa skončila
session-expired-text = Čo ste už odoslali, platí. Zavrite túto obrazovku a znova ju otvorte z platformy cTrader.
upstream-unauthorized-title = Teraz vás nemôžeme prihlásiť
upstream-unauthorized-text = Chyba je na našej strane a už o nej vieme. Skúste to neskôr z platformy cTrader.
upstream-contract-title = Teraz vás nemôžeme prihlásiť
upstream-contract-text = Zavrite túto obrazovku a znova ju otvorte z platformy cTrader.
set-up-unfinished-title = Táto obrazovka ešte nie je pripravená
set-up-unfinished-text = Váš broker musí najprv dokončiť jej nastavenie. Neurobili ste nič zle. Obráťte sa prosím na podporu.
upstream-unavailable-title = cTrader je preťažený
upstream-unavailable-text = Nič sa nestratilo. Chvíľu počkajte a skúste to znova.
redemption-unknown-title = Spojenie s platformou cTrader sa prerušilo
redemption-unknown-text = Zavrite túto obrazovku a znova ju otvorte z platformy cTrader.
service-unavailable-title = Služba je krátko nedostupná
service-unavailable-text = Nič sa nestratilo. Chvíľu počkajte a skúste to znova.
too-many-requests-title = Na dnes je to všetko
too-many-requests-text = Odoslali ste toľko žiadostí, koľko môžeme prijať za jeden deň. Táto nebola odoslaná. Skúste to, prosím, zajtra.
open-deposits-title = Príliš veľa prebiehajúcich vkladov
open-deposits-text = Máte toľko prebiehajúcich vkladov, koľko je naraz možné. Dokončite jeden z nich alebo počkajte, kým sa niektorý skončí. Potom môžete urobiť ďalší.
not-found-title = Nič tu nie je
not-found-text = Zavrite túto obrazovku a znova ju otvorte z platformy cTrader.
method-not-allowed-title = Takto sa to nedá otvoriť
method-not-allowed-text = Zavrite túto obrazovku a znova ju otvorte z platformy cTrader.
payload-too-large-title = Je toho naraz priveľa
payload-too-large-text = Nič sa neodoslalo. Vráťte sa, skráťte text a odošlite ho znova.
internal-error-title = Na našej strane sa niečo pokazilo
internal-error-text = Zavrite túto obrazovku a znova ju otvorte z platformy cTrader. Ak ste už niečo odoslali, pred opätovným odoslaním sa obráťte na podporu.
