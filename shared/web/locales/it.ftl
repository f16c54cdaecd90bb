# Come si scrivono i numeri
decimal-separator = ,
group-separator = .
grouped-from-digits = 5

# Cornice di ogni schermata
close = Chiudi
done = Fine
try-again = Riprova
continue = Continua
optional = facoltativo
account = Conto
signed-in-as = Accesso eseguito come { $email }
code-for-support = Codice per l’assistenza: { $code }
sending = Invio in corso…
offline = Sembra che tu sia offline. Non è stato inviato nulla. Controlla la connessione e riprova.
session-ending = Questa schermata è aperta da molto tempo. Se non è più possibile inviare, riaprila da cTrader.

# Campi
check-fields = Controlla i campi segnalati. Non è stato ancora inviato nulla.
field-required = Compila questo campo.
field-too-long = Numero massimo di caratteri: { $max }.
field-invalid = Contiene caratteri che non possiamo accettare.
field-email-invalid = Inserisci un indirizzo e-mail come nome@example.com.
field-phone-invalid = Inserisci un numero di telefono con prefisso internazionale, come +39 06 1234 5678.
field-iban-invalid = Inserisci un IBAN valido, come riportato sull’estratto conto.
field-date-invalid = Inserisci una data.
field-date-future = Questa data è nel futuro.
field-choice-invalid = Scegli una di queste opzioni.
amount-invalid = Inserisci un importo come { $example }, senza separatore delle migliaia.
amount-ambiguous = Questo importo si può leggere in due modi. Quale intende?
amount-too-precise = Numero massimo di decimali: { $decimals }.
amount-min = Importo minimo: { $amount }.
amount-max = Importo massimo: { $amount }.
amount-limits = Da { $min } a { $max }

# Deposito
deposit-title = Deposito
deposit-amount = Importo
deposit-presets = Importi frequenti
deposit-currency = Valuta
deposit-method = Metodo di pagamento
deposit-submit = Deposita
deposit-submit-amount = Deposita { $amount }
deposit-open = Depositi in corso
deposit-show = Mostra
deposit-no-method = Qui non possiamo accettare depositi su un conto in { $currency }. Contatta l’assistenza.
deposit-pay = Continua al pagamento
deposit-window-text = La pagina di pagamento si apre in una nuova finestra. Questa schermata resta in attesa.
deposit-since = Iniziato

# Status of a deposit
deposit-created-title = Ancora nessun pagamento confermato
deposit-created-text = Continua alla pagina di pagamento. Se hai già pagato, non pagare di nuovo: questa schermata si aggiorna da sola.
deposit-transfer-title = Fai il bonifico
deposit-transfer-text = Trasferisci esattamente questo importo e indica il riferimento.
deposit-pending-title = In attesa del tuo pagamento
deposit-pending-text = Il pagamento è in fase di conferma. Puoi chiudere questa schermata: non andrà perso nulla.
deposit-paid-title = Pagamento ricevuto
deposit-paid-text = Lo stiamo accreditando sul tuo conto. Ci vuole un momento.
deposit-credited-title = Deposito completato
deposit-credited-text = Il denaro è sul tuo conto.
deposit-failed-title = Il pagamento non è andato a buon fine
deposit-failed-text = Sul tuo conto non è stato accreditato nulla. Puoi riprovare.
deposit-expired-title = Nessun pagamento arrivato in tempo
deposit-expired-text = Sul tuo conto non è stato accreditato nulla. Se hai pagato, accrediteremo l’importo appena il pagamento sarà confermato.
deposit-checking-title = Stiamo verificando il tuo deposito
deposit-checking-text = Ti preghiamo di non pagare di nuovo. Stiamo controllando e ti faremo sapere.

# Verifica dell’identità
kyc-title = Verifica la tua identità
kyc-intro = Inserisci i tuoi dati esattamente come compaiono sul documento.
kyc-first-name = Nome
kyc-last-name = Cognome
kyc-birth-date = Data di nascita
kyc-country = Paese di residenza
kyc-address = Via e numero civico
kyc-city = Città
kyc-postcode = CAP
kyc-document = Documento
kyc-document-number = Numero del documento
kyc-submit = Invia per la verifica
kyc-recorded-title = Dati ricevuti
kyc-recorded-text = Li stiamo controllando e ti faremo sapere.

# Assistenza
chat-title = Assistenza
chat-intro = Ancora nessun messaggio. Dicci di cosa hai bisogno e ti risponderemo.
chat-topic = Di cosa si tratta?
chat-message = Il tuo messaggio
chat-message-help = Non inviare mai password o numeri di carta.
chat-submit = Invia messaggio
chat-recorded-title = Messaggio ricevuto
chat-recorded-text = Ti risponderemo.

# Azioni personalizzate
action-submit = Invia
action-recorded-title = Richiesta ricevuta
action-recorded-text = Ce ne occuperemo noi.

# Che cosa ha fatto il sistema del broker di un’azione propria
outcome-succeeded-title = Fatto
outcome-succeeded-text = La tua richiesta è stata eseguita.
outcome-failed-title = Non è stato possibile
outcome-failed-text = Non è cambiato nulla.
outcome-unknown-title = Stiamo verificando la tua richiesta
outcome-unknown-text = L’abbiamo ricevuta, ma non sappiamo ancora se è andata a buon fine. Non serve inviarla di nuovo.
check-again = Verifica di nuovo

# Che cosa è stato registrato
reference = Riferimento
recorded-again = È già stato inviato. Conta una sola volta; ecco che cosa abbiamo ricevuto.
new-request = Nuova richiesta

# La via verso una pagina del broker
outside-text = Continui sul nostro sito, in una nuova finestra:

# Per i programmi che mostrano l’anteprima dei link
preview-title = Apri in cTrader
preview-text = Tocca Continua per aprire questa schermata.

# Dove cTrader chiude la schermata
callback-success-title = Tutto fatto
callback-success-text = Puoi chiudere questa schermata.
callback-failure-title = Non ha funzionato
callback-failure-text = Chiudi questa schermata e riprova da cTrader.

# Errori: che cosa è successo e che cosa fare ora
invalid-ot-token-title = Questo link non funziona
invalid-ot-token-text = Chiudi questa schermata e riaprila da cTrader.
token-expired-title = Questo link è già stato usato
token-expired-text = Per la tua sicurezza, ogni link si apre una sola volta. Chiudi questa schermata e riaprila da cTrader.
user-not-found-title = Non sappiamo chi sei
user-not-found-text = cTrader non ce lo ha comunicato. Accedi di nuovo a cTrader, poi riapri questa schermata.
missing-required-parameter-title = Questo link è incompleto
missing-required-parameter-text = Chiudi questa schermata e riaprila da cTrader.
invalid-parameter-title = Questo link è danneggiato
invalid-parameter-text = Chiudi questa schermata e riaprila da cTrader.
broker-mismatch-title = Questo conto è di un altro broker
broker-mismatch-text = In cTrader passa a uno dei tuoi conti presso di noi, poi riapri questa schermata.
account-mismatch-title = È selezionato un altro conto
account-mismatch-text = Scegli in cTrader il conto che vuoi usare, poi riapri questa schermata.
other-site-title = Questa schermata non è stata aperta da cTrader
other-site-text = Per la tua sicurezza, chiudi questa pagina e apri la schermata da cTrader.
session-expired-title = La tua sessione è terminata
session-expired-text = Ciò che avevi già inviato resta valido. Chiudi questa schermata e riaprila da cTrader.
upstream-unauthorized-title = Al momento l’accesso non è possibile
upstream-unauthorized-text = L’errore è nostro e ci è già stato segnalato. Riprova più tardi da cTrader.
upstream-contract-title = Al momento l’accesso non è possibile
upstream-contract-text = Chiudi questa schermata e riaprila da cTrader.
set-up-unfinished-title = Questa schermata non è ancora pronta
set-up-unfinished-text = Il tuo broker deve completarne la configurazione. Non hai sbagliato nulla. Contatta l’assistenza.
upstream-unavailable-title = cTrader è momentaneamente occupato
upstream-unavailable-text = Non è andato perso nulla. Attendi un momento, poi riprova.
redemption-unknown-title = Connessione a cTrader interrotta
redemption-unknown-text = Chiudi questa schermata e riaprila da cTrader.
service-unavailable-title = Non siamo disponibili per qualche istante
service-unavailable-text = Non è andato perso nulla. Attendi un momento, poi riprova.
too-many-requests-title = Per oggi è tutto
too-many-requests-text = Hai inviato tutte le richieste che possiamo accettare in un giorno. Questa non è stata inviata. Riprova domani.
open-deposits-title = Troppi depositi in corso
open-deposits-text = Hai tanti depositi in corso quanti ne sono possibili contemporaneamente. Completane uno o attendi che uno si concluda. Poi potrai farne un altro.
not-found-title = Qui non c’è nulla
not-found-text = Chiudi questa schermata e riaprila da cTrader.
method-not-allowed-title = Non si può aprire in questo modo
method-not-allowed-text = Chiudi questa schermata e riaprila da cTrader.
payload-too-large-title = È troppo in una volta sola
payload-too-large-text = Non è stato inviato nulla. Torna indietro, accorcia il testo e invialo di nuovo.
internal-error-title = Si è verificato un errore da parte nostra
internal-error-text = Chiudi questa schermata e riaprila da cTrader. Se avevi inviato qualcosa, contatta l’assistenza prima di inviarlo di nuovo.
