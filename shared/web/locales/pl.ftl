# Zapis liczb
decimal-separator = ,
group-separator = { "\u00A0" }
grouped-from-digits = 5

# Ramka każdego ekranu
close = Zamknij
done = Gotowe
try-again = Spróbuj ponownie
continue = Dalej
optional = opcjonalnie
account = Konto
signed-in-as = Zalogowano jako { $email }
code-for-support = Kod dla działu wsparcia: { $code }
sending = Wysyłanie…
offline = Wygląda na to, że nie ma połączenia z internetem. Nic nie zostało wysłane. Sprawdź połączenie i spróbuj ponownie.
session-ending = Ten ekran jest otwarty od dłuższego czasu. Jeśli nie można już nic wysłać, otwórz go ponownie z cTradera.

# Pola
check-fields = Sprawdź zaznaczone pola. Nic jeszcze nie zostało wysłane.
field-required = Wypełnij to pole.
field-too-long = Maksymalna liczba znaków: { $max }.
field-invalid = To pole zawiera znaki, których nie możemy przyjąć.
field-email-invalid = Podaj adres e-mail, np. imie@example.com.
field-phone-invalid = Podaj numer telefonu z numerem kierunkowym kraju, np. +48 22 123 45 67.
field-iban-invalid = Podaj prawidłowy numer IBAN, taki jak na wyciągu bankowym.
field-date-invalid = Podaj datę.
field-date-future = Ta data jest w przyszłości.
field-choice-invalid = Wybierz jedną z tych opcji.
amount-invalid = Podaj kwotę, np. { $example }, bez separatorów tysięcy.
amount-ambiguous = Tę kwotę można odczytać na dwa sposoby. O którą chodzi?
amount-too-precise = Maksymalna liczba miejsc po przecinku: { $decimals }.
amount-min = Minimalna kwota: { $amount }.
amount-max = Maksymalna kwota: { $amount }.
amount-limits = Od { $min } do { $max }

# Wpłata
deposit-title = Wpłata
deposit-amount = Kwota
deposit-presets = Popularne kwoty
deposit-currency = Waluta
deposit-method = Metoda płatności
deposit-submit = Wpłać
deposit-submit-amount = Wpłać { $amount }
deposit-open = Wpłaty w toku
deposit-show = Pokaż
deposit-no-method = Nie możemy tu przyjmować wpłat na konto w walucie { $currency }. Zapytaj dział wsparcia.
deposit-pay = Przejdź do płatności
deposit-window-text = Strona płatności otworzy się w nowym oknie. Ten ekran poczeka.
deposit-since = Rozpoczęto

# Status of a deposit
deposit-created-title = Brak potwierdzonej płatności
deposit-created-text = Przejdź na stronę płatności. Jeśli już zapłacono, prosimy nie płacić ponownie: ten ekran odświeża się sam.
deposit-transfer-title = Zrób przelew
deposit-transfer-text = Przelej dokładnie tę kwotę i podaj numer referencyjny.
deposit-pending-title = Czekamy na Twoją płatność
deposit-pending-text = Płatność jest potwierdzana. Możesz zamknąć ten ekran, nic nie przepadnie.
deposit-paid-title = Otrzymaliśmy płatność
deposit-paid-text = Księgujemy ją na Twoim koncie. To chwilę potrwa.
deposit-credited-title = Wpłata zakończona
deposit-credited-text = Pieniądze są na Twoim koncie.
deposit-failed-title = Płatność się nie powiodła
deposit-failed-text = Na Twoje konto nic nie wpłynęło. Możesz spróbować ponownie.
deposit-expired-title = Nie otrzymaliśmy płatności na czas
deposit-expired-text = Na Twoje konto nic nie wpłynęło. Jeśli płatność została wysłana, zaksięgujemy ją, gdy tylko zostanie potwierdzona.
deposit-checking-title = Sprawdzamy Twoją wpłatę
deposit-checking-text = Prosimy nie płacić ponownie. Wyjaśniamy to i damy Ci znać.

# Weryfikacja tożsamości
kyc-title = Zweryfikuj tożsamość
kyc-intro = Podaj swoje dane dokładnie tak, jak w dokumencie.
kyc-first-name = Imię
kyc-last-name = Nazwisko
kyc-birth-date = Data urodzenia
kyc-country = Kraj zamieszkania
kyc-address = Ulica i numer
kyc-city = Miejscowość
kyc-postcode = Kod pocztowy
kyc-document = Dokument
kyc-document-number = Numer dokumentu
kyc-submit = Wyślij do weryfikacji
kyc-recorded-title = Otrzymaliśmy dane
kyc-recorded-text = Sprawdzamy je i damy Ci znać.

# Wsparcie
chat-title = Wsparcie
chat-intro = Brak wiadomości. Napisz, czego potrzebujesz, a odpowiemy.
chat-topic = Czego dotyczy sprawa?
chat-message = Twoja wiadomość
chat-message-help = Nigdy nie wysyłaj haseł ani numerów kart.
chat-submit = Wyślij wiadomość
chat-recorded-title = Otrzymaliśmy wiadomość
chat-recorded-text = Odpowiemy Ci.

# Działania własne
action-submit = Wyślij
action-recorded-title = Otrzymaliśmy zgłoszenie
action-recorded-text = Zajmiemy się tym.

# Co system brokera zrobił z własną akcją
outcome-succeeded-title = Gotowe
outcome-succeeded-text = Twoje zgłoszenie zostało zrealizowane.
outcome-failed-title = Nie udało się tego zrobić
outcome-failed-text = Nic się nie zmieniło.
outcome-unknown-title = Sprawdzamy Twoje zgłoszenie
outcome-unknown-text = Mamy je, ale nie wiemy jeszcze, czy zostało zrealizowane. Nie musisz wysyłać go ponownie.
check-again = Sprawdź ponownie

# Co zostało zapisane
reference = Numer referencyjny
recorded-again = To zostało już wysłane. Liczy się tylko raz; oto, co mamy.
new-request = Nowe zgłoszenie

# Droga na własną stronę brokera
outside-text = Kontynuujesz na naszej stronie, w nowym oknie:

# Dla programów pokazujących podgląd linków
preview-title = Otwórz w cTrader
preview-text = Dotknij „Dalej”, aby otworzyć ten ekran.

# Gdzie cTrader zamyka ekran
callback-success-title = Wszystko gotowe
callback-success-text = Możesz zamknąć ten ekran.
callback-failure-title = To się nie udało
callback-failure-text = Zamknij ten ekran i spróbuj ponownie z aplikacji cTrader.

# Błędy: co się stało i co teraz zrobić
invalid-ot-token-title = Ten link nie działa
invalid-ot-token-text = Zamknij ten ekran i otwórz go ponownie z aplikacji cTrader.
token-expired-title = Ten link został już użyty
token-expired-text = Dla Twojego bezpieczeństwa każdy link otwiera się tylko raz. Zamknij ten ekran i otwórz go ponownie z aplikacji cTrader.
user-not-found-title = Nie wiemy, kim jesteś
user-not-found-text = cTrader nam tego nie przekazał. Zaloguj się ponownie do cTrader, a następnie otwórz ten ekran jeszcze raz.
missing-required-parameter-title = Ten link jest niekompletny
missing-required-parameter-text = Zamknij ten ekran i otwórz go ponownie z aplikacji cTrader.
invalid-parameter-title = Ten link jest uszkodzony
invalid-parameter-text = Zamknij ten ekran i otwórz go ponownie z aplikacji cTrader.
broker-mismatch-title = To konto jest u innego brokera
broker-mismatch-text = Przełącz się w cTrader na jedno ze swoich kont u nas, a następnie otwórz ten ekran ponownie.
account-mismatch-title = Wybrano inne konto
account-mismatch-text = Wybierz w cTrader konto, którego chcesz użyć, a następnie otwórz ten ekran ponownie.
other-site-title = Ten ekran nie został otwarty z aplikacji cTrader
other-site-text = Dla bezpieczeństwa zamknij tę stronę i otwórz ekran z aplikacji cTrader.
session-expired-title = Twoja sesja wygasła
session-expired-text = To, co już zostało wysłane, pozostaje ważne. Zamknij ten ekran i otwórz go ponownie z aplikacji cTrader.
upstream-unauthorized-title = Nie możemy Cię teraz zalogować
upstream-unauthorized-text = Błąd leży po naszej stronie i już o nim wiemy. Spróbuj ponownie później z aplikacji cTrader.
upstream-contract-title = Nie możemy Cię teraz zalogować
upstream-contract-text = Zamknij ten ekran i otwórz go ponownie z aplikacji cTrader.
set-up-unfinished-title = Ten ekran nie jest jeszcze gotowy
set-up-unfinished-text = Twój broker musi najpierw dokończyć jego konfigurację. To nie jest Twój błąd. Skontaktuj się z działem wsparcia.
upstream-unavailable-title = cTrader jest chwilowo przeciążony
upstream-unavailable-text = Nic nie przepadło. Odczekaj chwilę i spróbuj ponownie.
redemption-unknown-title = Utracono połączenie z cTrader
redemption-unknown-text = Zamknij ten ekran i otwórz go ponownie z aplikacji cTrader.
service-unavailable-title = Jesteśmy chwilowo niedostępni
service-unavailable-text = Nic nie przepadło. Odczekaj chwilę i spróbuj ponownie.
too-many-requests-title = Na dziś to wszystko
too-many-requests-text = Wysłano tyle zgłoszeń, ile możemy przyjąć jednego dnia. To zgłoszenie nie zostało wysłane. Spróbuj ponownie jutro.
open-deposits-title = Zbyt wiele wpłat w toku
open-deposits-text = Masz tyle wpłat w toku, ile jest możliwe jednocześnie. Dokończ jedną z nich albo poczekaj, aż któraś się zakończy. Potem możesz dokonać kolejnej.
not-found-title = Tu nic nie ma
not-found-text = Zamknij ten ekran i otwórz go ponownie z aplikacji cTrader.
method-not-allowed-title = Nie można tego otworzyć w ten sposób
method-not-allowed-text = Zamknij ten ekran i otwórz go ponownie z aplikacji cTrader.
payload-too-large-title = To za dużo naraz
payload-too-large-text = Nic nie zostało wysłane. Wróć, skróć tekst i wyślij go ponownie.
internal-error-title = Coś poszło nie tak po naszej stronie
internal-error-text = Zamknij ten ekran i otwórz go ponownie z aplikacji cTrader. Jeśli coś już zostało wysłane, zapytaj dział wsparcia, zanim wyślesz to ponownie.
