# Как пишутся числа
decimal-separator = ,
group-separator = { "\u00A0" }
grouped-from-digits = 4

# Общее для всех экранов
close = Закрыть
done = Готово
try-again = Повторить
continue = Продолжить
optional = необязательно
account = Счёт
signed-in-as = Вы вошли как { $email }
code-for-support = Код для службы поддержки: { $code }
sending = Отправка…
offline = Похоже, нет подключения к интернету. Ничего не отправлено. Проверьте подключение и попробуйте снова.
session-ending = Этот экран открыт уже долго. Если отправить больше не удаётся, откройте его снова из cTrader.

# Поля
check-fields = Проверьте отмеченные поля. Пока ничего не отправлено.
field-required = Заполните это поле.
field-too-long = Максимальное число символов: { $max }.
field-invalid = Здесь есть недопустимые символы.
field-email-invalid = Введите адрес эл. почты, например name@example.com.
field-phone-invalid = Введите номер телефона с кодом страны, например +7 495 000 00 00.
field-iban-invalid = Введите действительный IBAN, как он указан в банковской выписке.
field-date-invalid = Введите дату.
field-date-future = Эта дата ещё не наступила.
field-choice-invalid = Выберите один из вариантов.
amount-invalid = Введите сумму, например { $example }, без разделителей тысяч.
amount-ambiguous = Эту сумму можно прочитать двумя способами. Какую вы имеете в виду?
amount-too-precise = Максимальное число знаков после запятой: { $decimals }.
amount-min = Минимальная сумма: { $amount }.
amount-max = Максимальная сумма: { $amount }.
amount-limits = От { $min } до { $max }

# Пополнение
deposit-title = Пополнение счёта
deposit-amount = Сумма
deposit-presets = Популярные суммы
deposit-currency = Валюта
deposit-method = Способ оплаты
deposit-submit = Пополнить
deposit-submit-amount = Пополнить на { $amount }
deposit-open = Пополнения в обработке
deposit-show = Показать
deposit-no-method = Здесь мы не можем принять пополнение счёта в валюте { $currency }. Обратитесь в поддержку.
deposit-pay = Перейти к оплате
deposit-window-text = Страница оплаты откроется в новом окне. Этот экран подождёт.
deposit-since = Начато

# Status of a deposit
deposit-created-title = Платёж пока не подтверждён
deposit-created-text = Перейдите на страницу оплаты. Если вы уже заплатили, не платите повторно: этот экран обновится сам.
deposit-transfer-title = Сделайте перевод
deposit-transfer-text = Переведите ровно эту сумму и укажите номер заявки.
deposit-pending-title = Ждём ваш платёж
deposit-pending-text = Платёж подтверждается. Этот экран можно закрыть: ничего не потеряется.
deposit-paid-title = Платёж получен
deposit-paid-text = Зачисляем его на ваш счёт. Это займёт немного времени.
deposit-credited-title = Счёт пополнен
deposit-credited-text = Деньги на вашем счёте.
deposit-failed-title = Платёж не прошёл
deposit-failed-text = На ваш счёт ничего не зачислено. Можно попробовать снова.
deposit-expired-title = Платёж не поступил вовремя
deposit-expired-text = На ваш счёт ничего не зачислено. Если вы всё же заплатили, мы зачислим деньги, как только платёж подтвердится.
deposit-checking-title = Мы проверяем ваше пополнение
deposit-checking-text = Пожалуйста, не платите повторно. Мы разбираемся и сообщим вам о результате.

# Подтверждение личности
kyc-title = Подтвердите свою личность
kyc-intro = Введите данные точно так, как они указаны в документе.
kyc-first-name = Имя
kyc-last-name = Фамилия
kyc-birth-date = Дата рождения
kyc-country = Страна проживания
kyc-address = Улица и номер дома
kyc-city = Город
kyc-postcode = Почтовый индекс
kyc-document = Документ
kyc-document-number = Номер документа
kyc-submit = Отправить на проверку
kyc-recorded-title = Данные получены
kyc-recorded-text = Мы проверяем их и сообщим вам о результате.

# Поддержка
chat-title = Поддержка
chat-intro = Сообщений пока нет. Напишите, что вам нужно, и мы ответим.
chat-topic = О чём ваш вопрос?
chat-message = Ваше сообщение
chat-message-help = Никогда не отправляйте пароли и номера карт.
chat-submit = Отправить сообщение
chat-recorded-title = Сообщение получено
chat-recorded-text = Мы вам ответим.

# Особые действия
action-submit = Отправить
action-recorded-title = Заявка получена
action-recorded-text = Мы займёмся этим.

# Что система брокера сделала с собственным действием
outcome-succeeded-title = Готово
outcome-succeeded-text = Ваша заявка выполнена.
outcome-failed-title = Это не удалось сделать
outcome-failed-text = Ничего не изменилось.
outcome-unknown-title = Мы проверяем вашу заявку
outcome-unknown-text = Она у нас, но мы пока не знаем, выполнена ли она. Отправлять её ещё раз не нужно.
check-again = Проверить ещё раз

# Что записано
reference = Номер заявки
recorded-again = Это уже было отправлено и учитывается один раз. Вот что у нас записано.
new-request = Новая заявка

# Путь на страницу самого брокера
outside-text = Вы продолжите на нашем сайте, в новом окне:

# Для программ, которые показывают предпросмотр ссылок
preview-title = Открыть в cTrader
preview-text = Нажмите «Продолжить», чтобы открыть этот экран.

# Где cTrader закрывает экран
callback-success-title = Всё готово
callback-success-text = Этот экран можно закрыть.
callback-failure-title = Не получилось
callback-failure-text = Закройте этот экран и попробуйте снова из cTrader.

# Ошибки: что произошло и что делать
invalid-ot-token-title = Эта ссылка не работает
invalid-ot-token-text = Закройте этот экран и снова откройте его из cTrader.
token-expired-title = Эта ссылка уже использована
token-expired-text = Для вашей безопасности каждая ссылка открывается один раз. Закройте этот экран и снова откройте его из cTrader.
user-not-found-title = Мы не знаем, кто вы
user-not-found-text = cTrader не сообщил нам этого. Войдите в cTrader заново и ещё раз откройте этот экран.
missing-required-parameter-title = Ссылка неполная
missing-required-parameter-text = Закройте этот экран и снова откройте его из cTrader.
invalid-parameter-title = Ссылка повреждена
invalid-parameter-text = Закройте этот экран и снова откройте его из cTrader.
broker-mismatch-title = Этот счёт открыт у другого брокера
broker-mismatch-text = Выберите в cTrader один из своих счетов у нас и снова откройте этот экран.
account-mismatch-title = Выбран другой счёт
account-mismatch-text = Выберите в cTrader нужный счёт и снова откройте этот экран.
other-site-title = Этот экран открыт не из cTrader
other-site-text = В целях безопасности закройте эту страницу и откройте экран из cTrader.
session-expired-title = Сеанс завершён
session-expired-text = Всё, что вы уже отправили, учтено. Закройте этот экран и снова откройте его из cTrader.
upstream-unauthorized-title = Сейчас не удаётся выполнить вход
upstream-unauthorized-text = Ошибка на нашей стороне, и мы о ней уже знаем. Попробуйте позже из cTrader.
upstream-contract-title = Сейчас не удаётся выполнить вход
upstream-contract-text = Закройте этот экран и снова откройте его из cTrader.
set-up-unfinished-title = Этот экран ещё не готов
set-up-unfinished-text = Ваш брокер должен завершить его настройку. Вы всё сделали правильно. Обратитесь в поддержку.
upstream-unavailable-title = cTrader сейчас перегружен
upstream-unavailable-text = Ничего не потеряно. Немного подождите и попробуйте снова.
redemption-unknown-title = Связь с cTrader прервалась
redemption-unknown-text = Закройте этот экран и снова откройте его из cTrader.
service-unavailable-title = Сервис временно недоступен
service-unavailable-text = Ничего не потеряно. Немного подождите и попробуйте снова.
too-many-requests-title = На сегодня это всё
too-many-requests-text = Вы отправили столько заявок, сколько мы можем принять за один день. Эта заявка не отправлена. Попробуйте снова завтра.
open-deposits-title = Слишком много пополнений в обработке
open-deposits-text = У вас в обработке столько пополнений, сколько возможно одновременно. Завершите одно из них или подождите, пока одно закончится. После этого можно сделать новое.
not-found-title = Здесь ничего нет
not-found-text = Закройте этот экран и снова откройте его из cTrader.
method-not-allowed-title = Так это открыть нельзя
method-not-allowed-text = Закройте этот экран и снова откройте его из cTrader.
payload-too-large-title = Слишком много данных за один раз
payload-too-large-text = Ничего не отправлено. Вернитесь назад, сократите текст и отправьте его снова.
internal-error-title = У нас произошла ошибка
internal-error-text = Закройте этот экран и снова откройте его из cTrader. Если вы что-то отправляли, обратитесь в поддержку, прежде чем отправлять повторно.
