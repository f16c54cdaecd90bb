# Πώς γράφονται οι αριθμοί
decimal-separator = ,
group-separator = .
grouped-from-digits = 4

# Πλαίσιο κάθε οθόνης
close = Κλείσιμο
done = Τέλος
try-again = Δοκιμή ξανά
continue = Συνέχεια
optional = προαιρετικό
account = Λογαριασμός
signed-in-as = Συνδεθήκατε ως { $email }
code-for-support = Κωδικός για την υποστήριξη: { $code }
sending = Αποστολή…
offline = Φαίνεται ότι είστε εκτός σύνδεσης. Δεν στάλθηκε τίποτα. Ελέγξτε τη σύνδεση και δοκιμάστε ξανά.
session-ending = Αυτή η οθόνη είναι ανοιχτή εδώ και πολλή ώρα. Αν δεν γίνεται πλέον αποστολή, ανοίξτε την ξανά από το cTrader.

# Πεδία
check-fields = Ελέγξτε τα επισημασμένα πεδία. Δεν έχει σταλεί τίποτα ακόμη.
field-required = Συμπληρώστε αυτό το πεδίο.
field-too-long = Μέγιστος αριθμός χαρακτήρων: { $max }.
field-invalid = Περιέχει χαρακτήρες που δεν μπορούμε να δεχτούμε.
field-email-invalid = Εισαγάγετε μια διεύθυνση email, όπως onoma@example.com.
field-phone-invalid = Εισαγάγετε έναν αριθμό τηλεφώνου με κωδικό χώρας, όπως +30 210 123 4567.
field-iban-invalid = Εισαγάγετε έναν έγκυρο IBAN, όπως αναγράφεται στο αντίγραφο κίνησης του λογαριασμού σας.
field-date-invalid = Εισαγάγετε μια ημερομηνία.
field-date-future = Αυτή η ημερομηνία είναι μελλοντική.
field-choice-invalid = Επιλέξτε ένα από αυτά.
amount-invalid = Εισαγάγετε ένα ποσό όπως { $example }, χωρίς διαχωριστικά χιλιάδων.
amount-ambiguous = Αυτό το ποσό διαβάζεται με δύο τρόπους. Ποιο εννοείτε;
amount-too-precise = Μέγιστος αριθμός δεκαδικών ψηφίων: { $decimals }.
amount-min = Ελάχιστο ποσό: { $amount }.
amount-max = Μέγιστο ποσό: { $amount }.
amount-limits = Από { $min } έως { $max }

# Κατάθεση
deposit-title = Κατάθεση
deposit-amount = Ποσό
deposit-presets = Συνήθη ποσά
deposit-currency = Νόμισμα
deposit-method = Τρόπος πληρωμής
deposit-submit = Κατάθεση
deposit-submit-amount = Κατάθεση { $amount }
deposit-open = Καταθέσεις σε εξέλιξη
deposit-show = Προβολή
deposit-no-method = Εδώ δεν μπορούμε να δεχτούμε καταθέσεις σε λογαριασμό σε { $currency }. Ρωτήστε την υποστήριξη.
deposit-pay = Συνέχεια στην πληρωμή
deposit-window-text = Η σελίδα πληρωμής ανοίγει σε νέο παράθυρο. Αυτή η οθόνη θα περιμένει.
deposit-since = Έναρξη

# Status of a deposit
deposit-created-title = Δεν επιβεβαιώθηκε ακόμη πληρωμή
deposit-created-text = Συνεχίστε στη σελίδα πληρωμής. Αν έχετε ήδη πληρώσει, μην πληρώσετε ξανά: αυτή η οθόνη ενημερώνεται μόνη της.
deposit-transfer-title = Κάντε τη μεταφορά σας
deposit-transfer-text = Μεταφέρετε ακριβώς αυτό το ποσό και αναγράψτε τον κωδικό αναφοράς.
deposit-pending-title = Αναμονή για την πληρωμή σας
deposit-pending-text = Η πληρωμή επιβεβαιώνεται. Μπορείτε να κλείσετε αυτή την οθόνη· δεν θα χαθεί τίποτα.
deposit-paid-title = Λάβαμε την πληρωμή σας
deposit-paid-text = Την προσθέτουμε στον λογαριασμό σας. Θα χρειαστεί μια στιγμή.
deposit-credited-title = Η κατάθεση ολοκληρώθηκε
deposit-credited-text = Τα χρήματα είναι στον λογαριασμό σας.
deposit-failed-title = Η πληρωμή δεν πραγματοποιήθηκε
deposit-failed-text = Δεν προστέθηκε τίποτα στον λογαριασμό σας. Μπορείτε να δοκιμάσετε ξανά.
deposit-expired-title = Δεν λάβαμε εγκαίρως πληρωμή
deposit-expired-text = Δεν προστέθηκε τίποτα στον λογαριασμό σας. Αν πληρώσατε, θα προσθέσουμε το ποσό μόλις επιβεβαιωθεί η πληρωμή.
deposit-checking-title = Ελέγχουμε την κατάθεσή σας
deposit-checking-text = Παρακαλούμε μην πληρώσετε ξανά. Το εξετάζουμε και θα επικοινωνήσουμε μαζί σας.

# Επαλήθευση ταυτότητας
kyc-title = Επαληθεύστε την ταυτότητά σας
kyc-intro = Εισαγάγετε τα στοιχεία σας ακριβώς όπως αναγράφονται στο έγγραφό σας.
kyc-first-name = Όνομα
kyc-last-name = Επώνυμο
kyc-birth-date = Ημερομηνία γέννησης
kyc-country = Χώρα διαμονής
kyc-address = Οδός και αριθμός
kyc-city = Πόλη
kyc-postcode = Ταχυδρομικός κώδικας
kyc-document = Έγγραφο
kyc-document-number = Αριθμός εγγράφου
kyc-submit = Αποστολή για επαλήθευση
kyc-recorded-title = Λάβαμε τα στοιχεία σας
kyc-recorded-text = Τα ελέγχουμε και θα σας ενημερώσουμε.

# Υποστήριξη
chat-title = Υποστήριξη
chat-intro = Δεν υπάρχουν ακόμη μηνύματα. Πείτε μας τι χρειάζεστε και θα επικοινωνήσουμε μαζί σας.
chat-topic = Τι αφορά;
chat-message = Το μήνυμά σας
chat-message-help = Μη στέλνετε ποτέ κωδικούς πρόσβασης ή αριθμούς καρτών.
chat-submit = Αποστολή μηνύματος
chat-recorded-title = Λάβαμε το μήνυμά σας
chat-recorded-text = Θα σας απαντήσουμε.

# Προσαρμοσμένες ενέργειες
action-submit = Αποστολή
action-recorded-title = Λάβαμε το αίτημά σας
action-recorded-text = Θα το φροντίσουμε.

# Τι έκανε το σύστημα του broker με μια δική του ενέργεια
outcome-succeeded-title = Ολοκληρώθηκε
outcome-succeeded-text = Το αίτημά σας εκτελέστηκε.
outcome-failed-title = Αυτό δεν ήταν δυνατό
outcome-failed-text = Δεν άλλαξε τίποτα.
outcome-unknown-title = Ελέγχουμε το αίτημά σας
outcome-unknown-text = Το έχουμε λάβει, αλλά δεν γνωρίζουμε ακόμη αν εκτελέστηκε. Δεν χρειάζεται να το στείλετε ξανά.
check-again = Νέος έλεγχος

# Τι καταγράφηκε
reference = Κωδικός αναφοράς
recorded-again = Αυτό έχει ήδη σταλεί. Υπολογίζεται μία φορά· ορίστε τι έχουμε λάβει.
new-request = Νέο αίτημα

# Ο δρόμος προς σελίδα του ίδιου του μεσίτη
outside-text = Συνεχίζετε στον ιστότοπό μας, σε νέο παράθυρο:

# Για προγράμματα που δείχνουν προεπισκόπηση συνδέσμων
preview-title = Άνοιγμα στο cTrader
preview-text = Πατήστε «Συνέχεια» για να ανοίξετε αυτή την οθόνη.

# Όπου το cTrader κλείνει την οθόνη
callback-success-title = Όλα έτοιμα
callback-success-text = Μπορείτε να κλείσετε αυτή την οθόνη.
callback-failure-title = Κάτι δεν πέτυχε
callback-failure-text = Κλείστε αυτή την οθόνη και δοκιμάστε ξανά από το cTrader.

# Σφάλματα: τι συνέβη και τι να κάνετε τώρα
invalid-ot-token-title = Αυτός ο σύνδεσμος δεν λειτουργεί
invalid-ot-token-text = Κλείστε αυτή την οθόνη και ανοίξτε την ξανά από το cTrader.
token-expired-title = Αυτός ο σύνδεσμος έχει ήδη χρησιμοποιηθεί
token-expired-text = Για την ασφάλειά σας, κάθε σύνδεσμος ανοίγει μόνο μία φορά. Κλείστε αυτή την οθόνη και ανοίξτε την ξανά από το cTrader.
user-not-found-title = Δεν γνωρίζουμε ποιοι είστε
user-not-found-text = Το cTrader δεν μας ενημέρωσε. Συνδεθείτε ξανά στο cTrader και μετά ανοίξτε πάλι αυτή την οθόνη.
missing-required-parameter-title = Αυτός ο σύνδεσμος είναι ελλιπής
missing-required-parameter-text = Κλείστε αυτή την οθόνη και ανοίξτε την ξανά από το cTrader.
invalid-parameter-title = Αυτός ο σύνδεσμος είναι κατεστραμμένος
invalid-parameter-text = Κλείστε αυτή την οθόνη και ανοίξτε την ξανά από το cTrader.
broker-mismatch-title = Αυτός ο λογαριασμός ανήκει σε άλλον broker
broker-mismatch-text = Μεταβείτε στο cTrader σε έναν από τους λογαριασμούς σας σε εμάς και μετά ανοίξτε ξανά αυτή την οθόνη.
account-mismatch-title = Έχει επιλεγεί άλλος λογαριασμός
account-mismatch-text = Επιλέξτε στο cTrader τον λογαριασμό που θέλετε να χρησιμοποιήσετε και μετά ανοίξτε ξανά αυτή την οθόνη.
other-site-title = Αυτή η οθόνη δεν άνοιξε από το cTrader
other-site-text = Για την ασφάλειά σας, κλείστε αυτή τη σελίδα και ανοίξτε την οθόνη από το cTrader.
session-expired-title = Η συνεδρία σας έληξε
session-expired-text = Όσα είχατε ήδη στείλει ισχύουν. Κλείστε αυτή την οθόνη και ανοίξτε την ξανά από το cTrader.
upstream-unauthorized-title = Η σύνδεση δεν είναι δυνατή αυτή τη στιγμή
upstream-unauthorized-text = Το σφάλμα είναι δικό μας και έχουμε ενημερωθεί. Δοκιμάστε ξανά αργότερα από το cTrader.
upstream-contract-title = Η σύνδεση δεν είναι δυνατή αυτή τη στιγμή
upstream-contract-text = Κλείστε αυτή την οθόνη και ανοίξτε την ξανά από το cTrader.
set-up-unfinished-title = Αυτή η οθόνη δεν είναι ακόμα έτοιμη
set-up-unfinished-text = Ο broker σας πρέπει να ολοκληρώσει τη ρύθμισή της. Δεν κάνατε κάποιο λάθος. Επικοινωνήστε με την υποστήριξη.
upstream-unavailable-title = Το cTrader είναι απασχολημένο
upstream-unavailable-text = Δεν χάθηκε τίποτα. Περιμένετε λίγο και δοκιμάστε ξανά.
redemption-unknown-title = Η σύνδεση με το cTrader χάθηκε
redemption-unknown-text = Κλείστε αυτή την οθόνη και ανοίξτε την ξανά από το cTrader.
service-unavailable-title = Δεν είμαστε διαθέσιμοι για λίγο
service-unavailable-text = Δεν χάθηκε τίποτα. Περιμένετε λίγο και δοκιμάστε ξανά.
too-many-requests-title = Αυτά για σήμερα
too-many-requests-text = Στείλατε όσα αιτήματα μπορούμε να δεχτούμε σε μία ημέρα. Αυτό δεν στάλθηκε. Δοκιμάστε ξανά αύριο.
open-deposits-title = Πάρα πολλές καταθέσεις σε εξέλιξη
open-deposits-text = Έχετε σε εξέλιξη όσες καταθέσεις επιτρέπονται ταυτόχρονα. Ολοκληρώστε μία από αυτές ή περιμένετε να λήξει κάποια. Μετά μπορείτε να κάνετε άλλη.
not-found-title = Δεν υπάρχει τίποτα εδώ
not-found-text = Κλείστε αυτή την οθόνη και ανοίξτε την ξανά από το cTrader.
method-not-allowed-title = Αυτό δεν μπορεί να ανοίξει έτσι
method-not-allowed-text = Κλείστε αυτή την οθόνη και ανοίξτε την ξανά από το cTrader.
payload-too-large-title = Είναι πάρα πολλά μαζί
payload-too-large-text = Δεν στάλθηκε τίποτα. Επιστρέψτε, συντομεύστε το κείμενό σας και στείλτε το ξανά.
internal-error-title = Κάτι πήγε στραβά από την πλευρά μας
internal-error-text = Κλείστε αυτή την οθόνη και ανοίξτε την ξανά από το cTrader. Αν είχατε στείλει κάτι, ρωτήστε την υποστήριξη προτού το στείλετε ξανά.
