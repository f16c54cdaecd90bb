# Écriture des nombres
decimal-separator = ,
group-separator = { "\u202F" }
grouped-from-digits = 4

# Cadre de chaque écran
close = Fermer
done = Terminé
try-again = Réessayer
continue = Continuer
optional = facultatif
account = Compte
signed-in-as = Session ouverte avec { $email }
code-for-support = Code pour l’assistance{ "\u00A0" }: { $code }
sending = Envoi en cours…
offline = Vous semblez être hors ligne. Rien n’a été envoyé. Vérifiez la connexion et réessayez.
session-ending = Cet écran est ouvert depuis longtemps. Si l’envoi ne fonctionne plus, rouvrez-le depuis cTrader.

# Champs
check-fields = Veuillez vérifier les champs signalés. Rien n’a encore été envoyé.
field-required = Veuillez remplir ce champ.
field-too-long = Nombre maximal de caractères{ "\u00A0" }: { $max }.
field-invalid = Ce champ contient des caractères que nous ne pouvons pas accepter.
field-email-invalid = Saisissez une adresse e-mail, par exemple nom@example.com.
field-phone-invalid = Saisissez un numéro de téléphone avec l’indicatif du pays, par exemple +33 1 99 00 00 00.
field-iban-invalid = Saisissez un IBAN valide, tel qu’il figure sur votre relevé bancaire.
field-date-invalid = Saisissez une date.
field-date-future = Cette date est dans le futur.
field-choice-invalid = Choisissez l’une de ces options.
amount-invalid = Saisissez un montant comme { $example }, sans séparateur de milliers.
amount-ambiguous = Ce montant peut se lire de deux façons. Lequel voulez-vous dire ?
amount-too-precise = Nombre maximal de décimales{ "\u00A0" }: { $decimals }.
amount-min = Montant minimum{ "\u00A0" }: { $amount }.
amount-max = Montant maximum{ "\u00A0" }: { $amount }.
amount-limits = De { $min } à { $max }

# Dépôt
deposit-title = Dépôt
deposit-amount = Montant
deposit-presets = Montants courants
deposit-currency = Devise
deposit-method = Moyen de paiement
deposit-submit = Déposer
deposit-submit-amount = Déposer { $amount }
deposit-open = Dépôts en cours
deposit-show = Afficher
deposit-no-method = Nous ne pouvons pas accepter ici de dépôts sur un compte en { $currency }. Veuillez contacter l’assistance.
deposit-pay = Continuer vers le paiement
deposit-window-text = La page de paiement s’ouvre dans une nouvelle fenêtre. Cet écran reste en attente.
deposit-since = Commencé le

# Status of a deposit
deposit-created-title = Pas encore de paiement confirmé
deposit-created-text = Continuez vers la page de paiement. Si vous avez déjà payé, ne payez pas à nouveau{ "\u00A0" }: cet écran se met à jour tout seul.
deposit-transfer-title = Effectuez votre virement
deposit-transfer-text = Virez exactement ce montant et indiquez la référence.
deposit-pending-title = En attente de votre paiement
deposit-pending-text = Le paiement est en cours de confirmation. Vous pouvez fermer cet écran, rien ne sera perdu.
deposit-paid-title = Paiement reçu
deposit-paid-text = Nous l’ajoutons à votre compte. Cela prend un instant.
deposit-credited-title = Dépôt terminé
deposit-credited-text = L’argent est sur votre compte.
deposit-failed-title = Le paiement n’a pas abouti
deposit-failed-text = Rien n’a été ajouté à votre compte. Vous pouvez réessayer.
deposit-expired-title = Aucun paiement reçu à temps
deposit-expired-text = Rien n’a été ajouté à votre compte. Si vous avez payé, nous ajouterons le montant dès que le paiement sera confirmé.
deposit-checking-title = Nous vérifions votre dépôt
deposit-checking-text = Veuillez ne pas payer à nouveau. Nous examinons la situation et vous répondrons.

# Vérification d’identité
kyc-title = Vérifiez votre identité
kyc-intro = Saisissez vos informations exactement comme elles figurent sur votre document.
kyc-first-name = Prénom
kyc-last-name = Nom
kyc-birth-date = Date de naissance
kyc-country = Pays de résidence
kyc-address = Numéro et rue
kyc-city = Ville
kyc-postcode = Code postal
kyc-document = Document
kyc-document-number = Numéro du document
kyc-submit = Envoyer pour vérification
kyc-recorded-title = Informations reçues
kyc-recorded-text = Nous les vérifions et vous tiendrons au courant.

# Assistance
chat-title = Assistance
chat-intro = Aucun message pour le moment. Dites-nous ce dont vous avez besoin, nous vous répondrons.
chat-topic = De quoi s’agit-il{ "\u202F" }?
chat-message = Votre message
chat-message-help = N’envoyez jamais de mots de passe ni de numéros de carte.
chat-submit = Envoyer le message
chat-recorded-title = Message reçu
chat-recorded-text = Nous vous répondrons.

# Actions personnalisées
action-submit = Envoyer
action-recorded-title = Demande reçue
action-recorded-text = Nous nous en occupons.

# Ce que le système du courtier a fait d’une action propre
outcome-succeeded-title = C’est fait
outcome-succeeded-text = Votre demande a été exécutée.
outcome-failed-title = Cela n’a pas été possible
outcome-failed-text = Rien n’a changé.
outcome-unknown-title = Nous vérifions votre demande
outcome-unknown-text = Nous l’avons bien, mais nous ne savons pas encore si elle a abouti. Inutile de la renvoyer.
check-again = Vérifier à nouveau

# Ce qui a été enregistré
reference = Référence
recorded-again = Cela a déjà été envoyé et ne compte qu’une fois. Voici ce que nous avons.
new-request = Nouvelle demande

# Le chemin vers une page du courtier
outside-text = Vous continuez sur notre site, dans une nouvelle fenêtre{ "\u00A0" }:

# Pour les programmes qui affichent un aperçu des liens
preview-title = Ouvrir dans cTrader
preview-text = Appuyez sur Continuer pour ouvrir cet écran.

# Là où cTrader ferme l’écran
callback-success-title = C’est terminé
callback-success-text = Vous pouvez fermer cet écran.
callback-failure-title = Cela n’a pas fonctionné
callback-failure-text = Veuillez fermer cet écran et réessayer depuis cTrader.

# Erreurs : ce qui s’est passé et ce qu’il faut faire
invalid-ot-token-title = Ce lien ne fonctionne pas
invalid-ot-token-text = Fermez cet écran et rouvrez-le depuis cTrader.
token-expired-title = Ce lien a déjà été utilisé
token-expired-text = Pour votre sécurité, chaque lien ne s’ouvre qu’une fois. Fermez cet écran et rouvrez-le depuis cTrader.
user-not-found-title = Nous ne savons pas qui vous êtes
user-not-found-text = cTrader ne nous l’a pas indiqué. Reconnectez-vous à cTrader, puis rouvrez cet écran.
missing-required-parameter-title = Ce lien est incomplet
missing-required-parameter-text = Fermez cet écran et rouvrez-le depuis cTrader.
invalid-parameter-title = Ce lien est endommagé
invalid-parameter-text = Fermez cet écran et rouvrez-le depuis cTrader.
broker-mismatch-title = Ce compte est chez un autre courtier
broker-mismatch-text = Dans cTrader, passez à l’un de vos comptes chez nous, puis rouvrez cet écran.
account-mismatch-title = Un autre compte est sélectionné
account-mismatch-text = Choisissez dans cTrader le compte que vous souhaitez utiliser, puis rouvrez cet écran.
other-site-title = Cet écran n’a pas été ouvert depuis cTrader
other-site-text = Pour votre sécurité, fermez cette page et ouvrez l’écran depuis cTrader.
session-expired-title = Votre session est terminée
session-expired-text = Ce que vous aviez déjà envoyé est pris en compte. Fermez cet écran et rouvrez-le depuis cTrader.
upstream-unauthorized-title = Connexion impossible pour le moment
upstream-unauthorized-text = L’erreur vient de nous et nous a été signalée. Veuillez réessayer plus tard depuis cTrader.
upstream-contract-title = Connexion impossible pour le moment
upstream-contract-text = Fermez cet écran et rouvrez-le depuis cTrader.
set-up-unfinished-title = Cet écran n’est pas encore prêt
set-up-unfinished-text = Votre courtier doit terminer sa configuration. Vous n’avez commis aucune erreur. Veuillez contacter l’assistance.
upstream-unavailable-title = cTrader est très sollicité
upstream-unavailable-text = Rien n’est perdu. Patientez un instant, puis réessayez.
redemption-unknown-title = La connexion à cTrader a été perdue
redemption-unknown-text = Fermez cet écran et rouvrez-le depuis cTrader.
service-unavailable-title = Nous sommes momentanément indisponibles
service-unavailable-text = Rien n’est perdu. Patientez un instant, puis réessayez.
too-many-requests-title = C’est tout pour aujourd’hui
too-many-requests-text = Vous avez envoyé autant de demandes que nous pouvons en accepter en un jour. Celle-ci n’a pas été envoyée. Veuillez réessayer demain.
open-deposits-title = Trop de dépôts en cours
open-deposits-text = Vous avez autant de dépôts en cours qu’il est possible d’en avoir en même temps. Terminez l’un d’eux ou attendez que l’un d’eux s’achève. Vous pourrez ensuite en faire un autre.
not-found-title = Il n’y a rien ici
not-found-text = Fermez cet écran et rouvrez-le depuis cTrader.
method-not-allowed-title = Cela ne peut pas s’ouvrir ainsi
method-not-allowed-text = Fermez cet écran et rouvrez-le depuis cTrader.
payload-too-large-title = C’est trop en une seule fois
payload-too-large-text = Rien n’a été envoyé. Revenez en arrière, raccourcissez votre texte et renvoyez-le.
internal-error-title = Une erreur s’est produite de notre côté
internal-error-text = Fermez cet écran et rouvrez-le depuis cTrader. Si vous aviez envoyé quelque chose, contactez l’assistance avant de le renvoyer.
