# Schreibweise von Zahlen
decimal-separator = ,
group-separator = .
grouped-from-digits = 4

# Rahmen jeder Seite
close = Schließen
done = Fertig
try-again = Erneut versuchen
continue = Weiter
optional = optional
account = Konto
signed-in-as = Angemeldet als { $email }
code-for-support = Code für den Support: { $code }
sending = Wird gesendet…
offline = Sie sind anscheinend offline. Es wurde nichts gesendet. Prüfen Sie die Verbindung und versuchen Sie es erneut.
session-ending = Diese Seite ist schon lange geöffnet. Wenn sich nichts mehr senden lässt, öffnen Sie sie erneut aus cTrader.

# Felder
check-fields = Bitte prüfen Sie die markierten Felder. Es wurde noch nichts gesendet.
field-required = Bitte füllen Sie dieses Feld aus.
field-too-long = Höchstens { $max } Zeichen.
field-invalid = Die Eingabe enthält Zeichen, die wir nicht annehmen können.
field-email-invalid = Geben Sie eine E-Mail-Adresse ein, z. B. name@example.com.
field-phone-invalid = Geben Sie eine Telefonnummer mit Ländervorwahl ein, z. B. +49 30 23125 000.
field-iban-invalid = Geben Sie eine gültige IBAN ein, wie sie auf Ihrem Kontoauszug steht.
field-date-invalid = Geben Sie ein Datum ein.
field-date-future = Dieses Datum liegt in der Zukunft.
field-choice-invalid = Wählen Sie eine dieser Optionen.
amount-invalid = Geben Sie einen Betrag wie { $example } ein, ohne Tausendertrennzeichen.
amount-ambiguous = Dieser Betrag lässt sich auf zwei Arten lesen. Welchen meinen Sie?
amount-too-precise = Maximale Anzahl der Nachkommastellen: { $decimals }.
amount-min = Mindestbetrag: { $amount }.
amount-max = Höchstbetrag: { $amount }.
amount-limits = { $min } bis { $max }

# Einzahlung
deposit-title = Einzahlung
deposit-amount = Betrag
deposit-presets = Häufige Beträge
deposit-currency = Währung
deposit-method = Zahlungsmethode
deposit-submit = Einzahlen
deposit-submit-amount = { $amount } einzahlen
deposit-open = Laufende Einzahlungen
deposit-show = Anzeigen
deposit-no-method = Einzahlungen auf ein Konto in { $currency } können wir hier nicht annehmen. Bitte fragen Sie den Support.
deposit-pay = Weiter zur Zahlung
deposit-window-text = Die Zahlungsseite öffnet sich in einem neuen Fenster. Diese Seite wartet so lange.
deposit-since = Begonnen

# Status of a deposit
deposit-created-title = Noch keine Zahlung bestätigt
deposit-created-text = Gehen Sie weiter zur Zahlungsseite. Wenn Sie schon bezahlt haben, zahlen Sie nicht noch einmal: Diese Seite aktualisiert sich von selbst.
deposit-transfer-title = Bitte überweisen Sie
deposit-transfer-text = Überweisen Sie genau diesen Betrag und geben Sie die Referenz an.
deposit-pending-title = Wir warten auf Ihre Zahlung
deposit-pending-text = Die Zahlung wird bestätigt. Sie können diese Seite schließen; es geht nichts verloren.
deposit-paid-title = Zahlung erhalten
deposit-paid-text = Wir schreiben sie Ihrem Konto gut. Das dauert einen Moment.
deposit-credited-title = Einzahlung abgeschlossen
deposit-credited-text = Das Geld ist auf Ihrem Konto.
deposit-failed-title = Die Zahlung ist fehlgeschlagen
deposit-failed-text = Ihrem Konto wurde nichts gutgeschrieben. Sie können es erneut versuchen.
deposit-expired-title = Keine Zahlung rechtzeitig eingegangen
deposit-expired-text = Ihrem Konto wurde nichts gutgeschrieben. Falls Sie doch gezahlt haben, schreiben wir den Betrag gut, sobald die Zahlung bestätigt ist.
deposit-checking-title = Wir prüfen Ihre Einzahlung
deposit-checking-text = Bitte zahlen Sie nicht noch einmal. Wir gehen der Sache nach und melden uns bei Ihnen.

# Identitätsprüfung
kyc-title = Identität bestätigen
kyc-intro = Geben Sie Ihre Daten genau so ein, wie sie in Ihrem Ausweisdokument stehen.
kyc-first-name = Vorname
kyc-last-name = Nachname
kyc-birth-date = Geburtsdatum
kyc-country = Wohnsitzland
kyc-address = Straße und Hausnummer
kyc-city = Ort
kyc-postcode = Postleitzahl
kyc-document = Dokument
kyc-document-number = Dokumentnummer
kyc-submit = Zur Prüfung senden
kyc-recorded-title = Daten erhalten
kyc-recorded-text = Wir prüfen Ihre Daten und melden uns bei Ihnen.

# Support
chat-title = Support
chat-intro = Noch keine Nachrichten. Schreiben Sie uns, was Sie brauchen; wir melden uns bei Ihnen.
chat-topic = Worum geht es?
chat-message = Ihre Nachricht
chat-message-help = Bitte senden Sie niemals Passwörter oder Kartennummern.
chat-submit = Nachricht senden
chat-recorded-title = Nachricht erhalten
chat-recorded-text = Wir melden uns bei Ihnen.

# Eigene Aktionen
action-submit = Senden
action-recorded-title = Anfrage erhalten
action-recorded-text = Wir kümmern uns darum.

# Was das System des Brokers aus einer eigenen Aktion machte
outcome-succeeded-title = Erledigt
outcome-succeeded-text = Ihre Anfrage wurde ausgeführt.
outcome-failed-title = Das war nicht möglich
outcome-failed-text = Es hat sich nichts geändert.
outcome-unknown-title = Wir prüfen Ihre Anfrage
outcome-unknown-text = Sie liegt uns vor, aber wir wissen noch nicht, ob sie ausgeführt wurde. Sie müssen sie nicht noch einmal senden.
check-again = Erneut prüfen

# Was erfasst wurde
reference = Referenz
recorded-again = Dies wurde bereits gesendet. Es zählt nur einmal; das liegt uns vor.
new-request = Neue Anfrage

# Der Weg zu einer Seite des Brokers
outside-text = Es geht auf unserer Website weiter, in einem neuen Fenster:

# Für Programme, die eine Linkvorschau zeigen
preview-title = In cTrader öffnen
preview-text = Tippen Sie auf „Weiter“, um diese Seite zu öffnen.

# Wo cTrader die Seite schließt
callback-success-title = Alles erledigt
callback-success-text = Sie können diese Seite schließen.
callback-failure-title = Das hat nicht geklappt
callback-failure-text = Bitte schließen Sie diese Seite und versuchen Sie es erneut aus cTrader.

# Fehler: was passiert ist und was jetzt zu tun ist
invalid-ot-token-title = Dieser Link funktioniert nicht
invalid-ot-token-text = Schließen Sie diese Seite und öffnen Sie sie erneut aus cTrader.
token-expired-title = Dieser Link wurde bereits verwendet
token-expired-text = Zu Ihrer Sicherheit lässt sich jeder Link nur einmal öffnen. Schließen Sie diese Seite und öffnen Sie sie erneut aus cTrader.
user-not-found-title = Wir wissen nicht, wer Sie sind
user-not-found-text = cTrader hat es uns nicht mitgeteilt. Melden Sie sich erneut bei cTrader an und öffnen Sie dann diese Seite noch einmal.
missing-required-parameter-title = Dieser Link ist unvollständig
missing-required-parameter-text = Schließen Sie diese Seite und öffnen Sie sie erneut aus cTrader.
invalid-parameter-title = Dieser Link ist beschädigt
invalid-parameter-text = Schließen Sie diese Seite und öffnen Sie sie erneut aus cTrader.
broker-mismatch-title = Dieses Konto gehört zu einem anderen Broker
broker-mismatch-text = Wechseln Sie in cTrader zu einem Ihrer Konten bei uns und öffnen Sie diese Seite dann erneut.
account-mismatch-title = Ein anderes Konto ist ausgewählt
account-mismatch-text = Wählen Sie in cTrader das gewünschte Konto aus und öffnen Sie diese Seite dann erneut.
other-site-title = Diese Seite wurde nicht aus cTrader geöffnet
other-site-text = Schließen Sie diese Seite zu Ihrer Sicherheit und öffnen Sie sie aus cTrader.
session-expired-title = Ihre Sitzung ist beendet
session-expired-text = Was Sie bereits gesendet haben, gilt. Schließen Sie diese Seite und öffnen Sie sie erneut aus cTrader.
upstream-unauthorized-title = Die Anmeldung ist gerade nicht möglich
upstream-unauthorized-text = Der Fehler liegt bei uns und wurde uns bereits gemeldet. Bitte versuchen Sie es später erneut aus cTrader.
upstream-contract-title = Die Anmeldung ist gerade nicht möglich
upstream-contract-text = Schließen Sie diese Seite und öffnen Sie sie erneut aus cTrader.
set-up-unfinished-title = Diese Seite ist noch nicht bereit
set-up-unfinished-text = Ihr Broker muss die Einrichtung noch abschließen. Sie haben nichts falsch gemacht. Bitte wenden Sie sich an den Support.
upstream-unavailable-title = cTrader ist gerade ausgelastet
upstream-unavailable-text = Es ist nichts verloren gegangen. Warten Sie einen Moment und versuchen Sie es dann erneut.
redemption-unknown-title = Die Verbindung zu cTrader ist abgebrochen
redemption-unknown-text = Schließen Sie diese Seite und öffnen Sie sie erneut aus cTrader.
service-unavailable-title = Wir sind kurzzeitig nicht erreichbar
service-unavailable-text = Es ist nichts verloren gegangen. Warten Sie einen Moment und versuchen Sie es dann erneut.
too-many-requests-title = Das ist alles für heute
too-many-requests-text = Sie haben so viele Anfragen gesendet, wie wir an einem Tag annehmen können. Diese wurde nicht gesendet. Bitte versuchen Sie es morgen erneut.
open-deposits-title = Zu viele laufende Einzahlungen
open-deposits-text = Sie haben so viele laufende Einzahlungen, wie gleichzeitig möglich sind. Schließen Sie eine davon ab oder warten Sie, bis eine beendet ist. Dann können Sie eine weitere vornehmen.
not-found-title = Hier gibt es nichts
not-found-text = Schließen Sie diese Seite und öffnen Sie sie erneut aus cTrader.
method-not-allowed-title = So lässt sich das nicht öffnen
method-not-allowed-text = Schließen Sie diese Seite und öffnen Sie sie erneut aus cTrader.
payload-too-large-title = Das ist zu viel auf einmal
payload-too-large-text = Es wurde nichts gesendet. Gehen Sie zurück, kürzen Sie Ihren Text und senden Sie ihn erneut.
internal-error-title = Bei uns ist etwas schiefgegangen
internal-error-text = Schließen Sie diese Seite und öffnen Sie sie erneut aus cTrader. Falls Sie etwas gesendet hatten, fragen Sie den Support, bevor Sie es noch einmal senden.
