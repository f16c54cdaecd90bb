# Kako se pišejo števila
decimal-separator = ,
group-separator = .
grouped-from-digits = 5

# Okvir vsakega zaslona
close = Zapri
done = Končano
try-again = Poskusi znova
continue = Nadaljuj
optional = neobvezno
account = Račun
signed-in-as = Prijavljeni ste kot { $email }
code-for-support = Koda za podporo: { $code }
sending = Pošiljanje …
offline = Videti je, da niste povezani z internetom. Nič ni bilo poslano. Preverite povezavo in poskusite znova.
session-ending = Ta zaslon je odprt že dolgo. Če pošiljanje ni več mogoče, ga znova odprite iz cTraderja.

# Polja
check-fields = Preverite označena polja. Nič še ni bilo poslano.
field-required = Izpolnite to polje.
field-too-long = Največje število znakov: { $max }.
field-invalid = Vsebuje znake, ki jih ne moremo sprejeti.
field-email-invalid = Vnesite e-poštni naslov, na primer ime@example.com.
field-phone-invalid = Vnesite telefonsko številko s kodo države, na primer +386 1 000 00 00.
field-iban-invalid = Vnesite veljaven IBAN, kot je naveden na bančnem izpisku.
field-date-invalid = Vnesite datum.
field-date-future = Ta datum je v prihodnosti.
field-choice-invalid = Izberite eno od možnosti.
amount-invalid = Vnesite znesek, na primer { $example }, brez ločila tisočic.
amount-ambiguous = Ta znesek je mogoče prebrati na dva načina. Katerega mislite?
amount-too-precise = Največje število decimalk: { $decimals }.
amount-min = Minimalni znesek: { $amount }.
amount-max = Maksimalni znesek: { $amount }.
amount-limits = Od { $min } do { $max }

# Polog
deposit-title = Polog
deposit-amount = Znesek
deposit-presets = Pogosti zneski
deposit-currency = Valuta
deposit-method = Način plačila
deposit-submit = Položi
deposit-submit-amount = Položi { $amount }
deposit-open = Pologi v teku
deposit-show = Prikaži
deposit-no-method = Tukaj ne moremo sprejemati pologov na račun v valuti { $currency }. Obrnite se na podporo.
deposit-pay = Nadaljuj na plačilo
deposit-window-text = Stran za plačilo se odpre v novem oknu. Ta zaslon medtem počaka.
deposit-since = Začeto

# Status of a deposit
deposit-created-title = Plačilo še ni potrjeno
deposit-created-text = Nadaljujte na stran za plačilo. Če ste že plačali, ne plačajte znova: ta zaslon se osveži sam.
deposit-transfer-title = Opravite nakazilo
deposit-transfer-text = Nakažite natanko ta znesek in navedite sklic.
deposit-pending-title = Čakamo na vaše plačilo
deposit-pending-text = Plačilo se potrjuje. Ta zaslon lahko zaprete; nič se ne izgubi.
deposit-paid-title = Plačilo je prejeto
deposit-paid-text = Dodajamo ga na vaš račun. To traja trenutek.
deposit-credited-title = Polog je zaključen
deposit-credited-text = Denar je na vašem računu.
deposit-failed-title = Plačilo ni uspelo
deposit-failed-text = Na vaš račun ni bilo nič dodano. Poskusite lahko znova.
deposit-expired-title = Nobeno plačilo ni prispelo pravočasno
deposit-expired-text = Na vaš račun ni bilo nič dodano. Če je bilo plačilo poslano, ga bomo dodali takoj, ko bo potrjeno.
deposit-checking-title = Preverjamo vaš polog
deposit-checking-text = Prosimo, ne plačajte znova. Zadevo preverjamo in vas bomo obvestili.

# Preverjanje identitete
kyc-title = Potrdite svojo identiteto
kyc-intro = Vnesite svoje podatke natanko tako, kot so navedeni v dokumentu.
kyc-first-name = Ime
kyc-last-name = Priimek
kyc-birth-date = Datum rojstva
kyc-country = Država prebivališča
kyc-address = Ulica in hišna številka
kyc-city = Kraj
kyc-postcode = Poštna številka
kyc-document = Dokument
kyc-document-number = Številka dokumenta
kyc-submit = Pošlji v preverjanje
kyc-recorded-title = Podatki so prejeti
kyc-recorded-text = Preverjamo jih in vas bomo obvestili.

# Podpora
chat-title = Podpora
chat-intro = Sporočil še ni. Sporočite nam, kaj potrebujete, in odgovorili vam bomo.
chat-topic = Za kaj gre?
chat-message = Vaše sporočilo
chat-message-help = Nikoli ne pošiljajte gesel ali številk kartic.
chat-submit = Pošlji sporočilo
chat-recorded-title = Sporočilo je prejeto
chat-recorded-text = Odgovorili vam bomo.

# Dejanja po meri
action-submit = Pošlji
action-recorded-title = Zahteva je prejeta
action-recorded-text = Poskrbeli bomo za to.

# Kaj je sistem posrednika naredil z lastnim dejanjem
outcome-succeeded-title = Opravljeno
outcome-succeeded-text = Vaša zahteva je bila izvedena.
outcome-failed-title = Tega ni bilo mogoče izvesti
outcome-failed-text = Nič se ni spremenilo.
outcome-unknown-title = Preverjamo vašo zahtevo
outcome-unknown-text = Imamo jo, vendar še ne vemo, ali je bila izvedena. Ni vam je treba poslati znova.
check-again = Preveri znova

# Kaj je bilo zabeleženo
reference = Sklic
recorded-again = To je bilo že poslano in šteje samo enkrat. Tukaj je naš zapis.
new-request = Nova zahteva

# Pot na posrednikovo lastno stran
outside-text = Nadaljujete na našem spletnem mestu, v novem oknu:

# Za programe, ki prikazujejo predogled povezav
preview-title = Odpri v platformi cTrader
preview-text = Tapnite Nadaljuj, da odprete ta zaslon.

# Kjer cTrader zapre zaslon
callback-success-title = Vse je opravljeno
callback-success-text = Ta zaslon lahko zaprete.
callback-failure-title = Ni uspelo
callback-failure-text = Zaprite ta zaslon in poskusite znova iz platforme cTrader.

# Napake: kaj se je zgodilo in kaj storiti
invalid-ot-token-title = Ta povezava ne deluje
invalid-ot-token-text = Zaprite ta zaslon in ga znova odprite iz platforme cTrader.
token-expired-title = Ta povezava je že bila uporabljena
token-expired-text = Zaradi vaše varnosti se vsaka povezava odpre le enkrat. Zaprite ta zaslon in ga znova odprite iz platforme cTrader.
user-not-found-title = Ne vemo, kdo ste
user-not-found-text = cTrader nam tega ni sporočil. Znova se prijavite v cTrader in še enkrat odprite ta zaslon.
missing-required-parameter-title = Ta povezava je nepopolna
missing-required-parameter-text = Zaprite ta zaslon in ga znova odprite iz platforme cTrader.
invalid-parameter-title = Ta povezava je poškodovana
invalid-parameter-text = Zaprite ta zaslon in ga znova odprite iz platforme cTrader.
broker-mismatch-title = Ta račun je pri drugem posredniku
broker-mismatch-text = V platformi cTrader preklopite na enega od svojih računov pri nas in znova odprite ta zaslon.
account-mismatch-title = Izbran je drug račun
account-mismatch-text = V platformi cTrader izberite račun, ki ga želite uporabiti, in znova odprite ta zaslon.
other-site-title = Ta zaslon ni bil odprt iz platforme cTrader
other-site-text = Zaradi varnosti zaprite to stran in odprite zaslon iz platforme cTrader.
session-expired-title = Vaša seja je potekla
session-expired-text = Kar ste že poslali, velja. Zaprite ta zaslon in ga znova odprite iz platforme cTrader.
upstream-unauthorized-title = Trenutno vas ne moremo prijaviti
upstream-unauthorized-text = Napaka je na naši strani in o njej smo že obveščeni. Poskusite pozneje iz platforme cTrader.
upstream-contract-title = Trenutno vas ne moremo prijaviti
upstream-contract-text = Zaprite ta zaslon in ga znova odprite iz platforme cTrader.
set-up-unfinished-title = Ta zaslon še ni pripravljen
set-up-unfinished-text = Vaš posrednik mora najprej dokončati nastavitev. Niste storili ničesar narobe. Obrnite se na podporo.
upstream-unavailable-title = cTrader je zaseden
upstream-unavailable-text = Nič ni izgubljeno. Počakajte trenutek in poskusite znova.
redemption-unknown-title = Povezava s platformo cTrader je prekinjena
redemption-unknown-text = Zaprite ta zaslon in ga znova odprite iz platforme cTrader.
service-unavailable-title = Storitev trenutno ni na voljo
service-unavailable-text = Nič ni izgubljeno. Počakajte trenutek in poskusite znova.
too-many-requests-title = Za danes je to vse
too-many-requests-text = Poslali ste toliko zahtev, kolikor jih lahko sprejmemo v enem dnevu. Ta ni bila poslana. Poskusite znova jutri.
open-deposits-title = Preveč pologov v teku
open-deposits-text = V teku imate toliko pologov, kolikor jih je mogoče hkrati. Dokončajte enega od njih ali počakajte, da se kateri konča. Potem lahko opravite novega.
not-found-title = Tukaj ni ničesar
not-found-text = Zaprite ta zaslon in ga znova odprite iz platforme cTrader.
method-not-allowed-title = Tega ni mogoče odpreti na ta način
method-not-allowed-text = Zaprite ta zaslon in ga znova odprite iz platforme cTrader.
payload-too-large-title = To je preveč naenkrat
payload-too-large-text = Nič ni bilo poslano. Vrnite se, skrajšajte besedilo in ga znova pošljite.
internal-error-title = Na naši strani je prišlo do napake
internal-error-text = Zaprite ta zaslon in ga znova odprite iz platforme cTrader. Če ste kaj že poslali, se pred ponovnim pošiljanjem obrnite na podporo.
