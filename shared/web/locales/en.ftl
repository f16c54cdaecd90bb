# Number format
decimal-separator = .
group-separator = ,
grouped-from-digits = 4

# Frame of every screen
close = Close
done = Done
try-again = Try again
continue = Continue
optional = optional
account = Account
signed-in-as = Signed in as { $email }
code-for-support = Code for support: { $code }
sending = Sending…
offline = You seem to be offline. Nothing was sent. Check the connection and try again.
session-ending = This screen has been open for a long time. If it no longer sends, open it again from cTrader.

# Fields
check-fields = Please check the marked fields. Nothing was sent yet.
field-required = Please fill this in.
field-too-long = { $max ->
    [one] At most { $max } character.
   *[other] At most { $max } characters.
}
field-invalid = This contains characters that we cannot take.
field-email-invalid = Enter an e-mail address such as name@example.com.
field-phone-invalid = Enter a phone number with country code, such as +44 20 7946 0000.
field-iban-invalid = Enter a valid IBAN, as it stands on your bank statement.
field-date-invalid = Enter a date.
field-date-future = This date is in the future.
field-choice-invalid = Choose one of these.
amount-invalid = Enter an amount such as { $example }, without thousands separators.
amount-ambiguous = This amount can be read in two ways. Which one do you mean?
amount-too-precise = { $decimals ->
    [0] Without digits after the decimal separator.
    [one] At most { $decimals } digit after the decimal separator.
   *[other] At most { $decimals } digits after the decimal separator.
}
amount-min = Minimum amount: { $amount }.
amount-max = Maximum amount: { $amount }.
amount-limits = { $min } to { $max }

# Deposit
deposit-title = Deposit
deposit-amount = Amount
deposit-presets = Common amounts
deposit-currency = Currency
deposit-method = Payment method
deposit-submit = Deposit
deposit-submit-amount = Deposit { $amount }
deposit-open = Deposits under way
deposit-show = Show
deposit-no-method = We cannot take deposits to an account in { $currency } here. Please ask support.
deposit-pay = Continue to payment
deposit-window-text = The payment page opens in a new window. This screen waits for it.
deposit-since = Started

# Status of a deposit
deposit-created-title = No payment confirmed yet
deposit-created-text = Continue to the payment page. If you have paid already, do not pay again: this page updates by itself.
deposit-transfer-title = Make your transfer
deposit-transfer-text = Transfer exactly this amount and give the reference.
deposit-pending-title = Waiting for your payment
deposit-pending-text = The payment is being confirmed. You can close this screen; nothing is lost.
deposit-paid-title = Payment received
deposit-paid-text = We are adding it to your account. This takes a moment.
deposit-credited-title = Deposit complete
deposit-credited-text = The money is in your account.
deposit-failed-title = The payment did not go through
deposit-failed-text = Nothing was added to your account. You can try again.
deposit-expired-title = No payment arrived in time
deposit-expired-text = Nothing was added to your account. If you did pay, we add it as soon as the payment is confirmed.
deposit-checking-title = We are checking your deposit
deposit-checking-text = Please do not pay again. We are looking into it and will get back to you.

# Verify identity
kyc-title = Verify your identity
kyc-intro = Enter your details exactly as they stand in your document.
kyc-first-name = First name
kyc-last-name = Last name
kyc-birth-date = Date of birth
kyc-country = Country of residence
kyc-address = Street and number
kyc-city = City
kyc-postcode = Postcode
kyc-document = Document
kyc-document-number = Document number
kyc-submit = Send for verification
kyc-recorded-title = Details received
kyc-recorded-text = We are checking them and will let you know.

# Support
chat-title = Support
chat-intro = No messages yet. Tell us what you need, and we will get back to you.
chat-topic = What is it about?
chat-message = Your message
chat-message-help = Please never send passwords or card numbers.
chat-submit = Send message
chat-recorded-title = Message received
chat-recorded-text = We will get back to you.

# Custom actions
action-submit = Send
action-recorded-title = Request received
action-recorded-text = We will take care of it.

# Outcome of a custom action at the broker's backend
outcome-succeeded-title = Done
outcome-succeeded-text = Your request has been carried out.
outcome-failed-title = This could not be done
outcome-failed-text = Nothing has changed.
outcome-unknown-title = We are checking your request
outcome-unknown-text = We have it, but do not know yet whether it went through. You need not send it again.
check-again = Check again

# Recorded requests
reference = Reference
recorded-again = This was sent before. It counts once; here is what we have.
new-request = New request

# Link to the broker's own page
outside-text = You continue on our website, in a new window:

# For programs that preview links
preview-title = Open in cTrader
preview-text = Tap Continue to open this screen.

# End of the screen
callback-success-title = All done
callback-success-text = You can close this screen.
callback-failure-title = That did not work
callback-failure-text = Please close this screen and try again from cTrader.

# Errors: what happened, and what to do now
invalid-ot-token-title = This link does not work
invalid-ot-token-text = Close this screen and open it again from cTrader.
token-expired-title = This link has been used
token-expired-text = Each link opens once, for your safety. Close this screen and open it again from cTrader.
user-not-found-title = We do not know who you are
user-not-found-text = cTrader did not tell us. Sign in to cTrader again, then open this screen once more.
missing-required-parameter-title = This link is incomplete
missing-required-parameter-text = Close this screen and open it again from cTrader.
invalid-parameter-title = This link is damaged
invalid-parameter-text = Close this screen and open it again from cTrader.
broker-mismatch-title = This account is with another broker
broker-mismatch-text = Switch to one of your accounts with us in cTrader, then open this screen again.
account-mismatch-title = Another account is selected
account-mismatch-text = Choose the account in cTrader that you want to use, then open this screen again.
other-site-title = This screen was not opened from cTrader
other-site-text = For your security, close this page and open the screen from cTrader.
session-expired-title = Your session has ended
session-expired-text = What you had already sent counts. Close this screen and open it again from cTrader.
upstream-unauthorized-title = We cannot sign you in right now
upstream-unauthorized-text = The fault is ours and we have been told. Please try again later from cTrader.
upstream-contract-title = We cannot sign you in right now
upstream-contract-text = Close this screen and open it again from cTrader.
set-up-unfinished-title = This screen is not ready yet
set-up-unfinished-text = Your broker has to finish setting it up. You have done nothing wrong. Please contact support.
upstream-unavailable-title = cTrader is busy
upstream-unavailable-text = Nothing is lost. Wait a moment, then try again.
redemption-unknown-title = The connection to cTrader was lost
redemption-unknown-text = Close this screen and open it again from cTrader.
service-unavailable-title = We are briefly unavailable
service-unavailable-text = Nothing is lost. Wait a moment, then try again.
too-many-requests-title = That is all for today
too-many-requests-text = You have sent as many requests as we can take in one day. This one was not sent. Please try again tomorrow.
open-deposits-title = Too many deposits under way
open-deposits-text = You have as many deposits under way as are possible at the same time. Finish one of them, or wait until one has ended. Then you can make another.
not-found-title = There is nothing here
not-found-text = Close this screen and open it again from cTrader.
method-not-allowed-title = This cannot be opened like that
method-not-allowed-text = Close this screen and open it again from cTrader.
payload-too-large-title = That is too much at once
payload-too-large-text = Nothing was sent. Go back, shorten your text and send it again.
internal-error-title = Something went wrong on our side
internal-error-text = Close this screen and open it again from cTrader. If you had sent something, ask support before you send it again.
