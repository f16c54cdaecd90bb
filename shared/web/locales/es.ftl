# Cómo se escriben los números
decimal-separator = ,
group-separator = .
grouped-from-digits = 5

# Marco de cada pantalla
close = Cerrar
done = Listo
try-again = Reintentar
continue = Continuar
optional = opcional
account = Cuenta
signed-in-as = Sesión iniciada como { $email }
code-for-support = Código para soporte: { $code }
sending = Enviando…
offline = Parece que no hay conexión. No se ha enviado nada. Compruebe la conexión y vuelva a intentarlo.
session-ending = Esta pantalla lleva mucho tiempo abierta. Si ya no se puede enviar, ábrala de nuevo desde cTrader.

# Campos
check-fields = Revise los campos marcados. Aún no se ha enviado nada.
field-required = Rellene este campo.
field-too-long = { $max ->
    [one] Como máximo { $max } carácter.
   *[other] Como máximo { $max } caracteres.
}
field-invalid = Contiene caracteres que no podemos aceptar.
field-email-invalid = Introduzca un correo electrónico como nombre@example.com.
field-phone-invalid = Introduzca un teléfono con prefijo de país, como +34 910 000 000.
field-iban-invalid = Introduzca un IBAN válido, tal como figura en su extracto bancario.
field-date-invalid = Introduzca una fecha.
field-date-future = Esta fecha es futura.
field-choice-invalid = Elija una de estas opciones.
amount-invalid = Introduzca un importe como { $example }, sin separador de miles.
amount-ambiguous = Este importe se puede leer de dos maneras. ¿A cuál se refiere?
amount-too-precise = { $decimals ->
    [0] Sin decimales.
    [one] Como máximo { $decimals } decimal.
   *[other] Como máximo { $decimals } decimales.
}
amount-min = Importe mínimo: { $amount }.
amount-max = Importe máximo: { $amount }.
amount-limits = De { $min } a { $max }

# Ingreso
deposit-title = Ingresar
deposit-amount = Importe
deposit-presets = Importes habituales
deposit-currency = Divisa
deposit-method = Método de pago
deposit-submit = Ingresar
deposit-submit-amount = Ingresar { $amount }
deposit-open = Ingresos en curso
deposit-show = Ver
deposit-no-method = Aquí no podemos aceptar ingresos en una cuenta en { $currency }. Consulte a soporte.
deposit-pay = Continuar al pago
deposit-window-text = La página de pago se abre en una ventana nueva. Esta pantalla queda a la espera.
deposit-since = Iniciado

# Status of a deposit
deposit-created-title = Aún no hay pago confirmado
deposit-created-text = Continúe a la página de pago. Si ya ha pagado, no vuelva a pagar: esta pantalla se actualiza sola.
deposit-transfer-title = Haga la transferencia
deposit-transfer-text = Transfiera exactamente este importe e indique la referencia.
deposit-pending-title = A la espera de su pago
deposit-pending-text = El pago se está confirmando. Puede cerrar esta pantalla; no se pierde nada.
deposit-paid-title = Pago recibido
deposit-paid-text = Lo estamos añadiendo a su cuenta. Tardará un momento.
deposit-credited-title = Ingreso completado
deposit-credited-text = El dinero está en su cuenta.
deposit-failed-title = El pago no se ha realizado
deposit-failed-text = No se ha añadido nada a su cuenta. Puede volver a intentarlo.
deposit-expired-title = No ha llegado ningún pago a tiempo
deposit-expired-text = No se ha añadido nada a su cuenta. Si ha pagado, lo añadiremos en cuanto se confirme el pago.
deposit-checking-title = Estamos comprobando su ingreso
deposit-checking-text = No vuelva a pagar, por favor. Lo estamos revisando y le responderemos.

# Verificación de identidad
kyc-title = Verifique su identidad
kyc-intro = Introduzca sus datos tal como figuran en su documento.
kyc-first-name = Nombre
kyc-last-name = Apellidos
kyc-birth-date = Fecha de nacimiento
kyc-country = País de residencia
kyc-address = Calle y número
kyc-city = Ciudad
kyc-postcode = Código postal
kyc-document = Documento
kyc-document-number = Número del documento
kyc-submit = Enviar para verificar
kyc-recorded-title = Datos recibidos
kyc-recorded-text = Los estamos comprobando y le avisaremos.

# Soporte
chat-title = Soporte
chat-intro = Aún no hay mensajes. Díganos qué necesita y le responderemos.
chat-topic = ¿De qué se trata?
chat-message = Su mensaje
chat-message-help = No envíe nunca contraseñas ni números de tarjeta.
chat-submit = Enviar mensaje
chat-recorded-title = Mensaje recibido
chat-recorded-text = Le responderemos.

# Acciones propias
action-submit = Enviar
action-recorded-title = Solicitud recibida
action-recorded-text = Nos ocuparemos de ello.

# Lo que hizo el sistema del bróker con una acción propia
outcome-succeeded-title = Hecho
outcome-succeeded-text = Su solicitud se ha llevado a cabo.
outcome-failed-title = No ha sido posible
outcome-failed-text = No ha cambiado nada.
outcome-unknown-title = Estamos comprobando su solicitud
outcome-unknown-text = La tenemos, pero aún no sabemos si se ha completado. No hace falta que la envíe de nuevo.
check-again = Comprobar de nuevo

# Lo registrado
reference = Referencia
recorded-again = Esto ya se había enviado. Cuenta una sola vez; esto es lo que tenemos.
new-request = Nueva solicitud

# El camino a una página propia del bróker
outside-text = Continúe en nuestro sitio web, en una ventana nueva:

# Para programas que previsualizan enlaces
preview-title = Abrir en cTrader
preview-text = Toque Continuar para abrir esta pantalla.

# Donde cTrader cierra la pantalla
callback-success-title = Todo listo
callback-success-text = Puede cerrar esta pantalla.
callback-failure-title = No ha funcionado
callback-failure-text = Cierre esta pantalla e inténtelo de nuevo desde cTrader.

# Errores: qué ha pasado y qué hacer ahora
invalid-ot-token-title = Este enlace no funciona
invalid-ot-token-text = Cierre esta pantalla y vuelva a abrirla desde cTrader.
token-expired-title = Este enlace ya se ha usado
token-expired-text = Por su seguridad, cada enlace se abre una sola vez. Cierre esta pantalla y vuelva a abrirla desde cTrader.
user-not-found-title = No sabemos quién es usted
user-not-found-text = cTrader no nos lo ha dicho. Inicie sesión de nuevo en cTrader y vuelva a abrir esta pantalla.
missing-required-parameter-title = Este enlace está incompleto
missing-required-parameter-text = Cierre esta pantalla y vuelva a abrirla desde cTrader.
invalid-parameter-title = Este enlace está dañado
invalid-parameter-text = Cierre esta pantalla y vuelva a abrirla desde cTrader.
broker-mismatch-title = Esta cuenta es de otro bróker
broker-mismatch-text = Elija en cTrader una de sus cuentas con nosotros y vuelva a abrir esta pantalla.
account-mismatch-title = Hay otra cuenta seleccionada
account-mismatch-text = Elija en cTrader la cuenta que quiere usar y vuelva a abrir esta pantalla.
other-site-title = Esta pantalla no se abrió desde cTrader
other-site-text = Por su seguridad, cierre esta página y abra la pantalla desde cTrader.
session-expired-title = Su sesión ha terminado
session-expired-text = Lo que ya había enviado cuenta. Cierre esta pantalla y vuelva a abrirla desde cTrader.
upstream-unauthorized-title = Ahora no podemos identificarle
upstream-unauthorized-text = El fallo es nuestro y ya estamos avisados. Inténtelo más tarde desde cTrader.
upstream-contract-title = Ahora no podemos identificarle
upstream-contract-text = Cierre esta pantalla y vuelva a abrirla desde cTrader.
set-up-unfinished-title = Esta pantalla aún no está lista
set-up-unfinished-text = Su bróker tiene que terminar de configurarla. Usted no ha hecho nada mal. Póngase en contacto con el servicio de soporte.
upstream-unavailable-title = cTrader está ocupado
upstream-unavailable-text = No se ha perdido nada. Espere un momento y vuelva a intentarlo.
redemption-unknown-title = Se perdió la conexión con cTrader
redemption-unknown-text = Cierre esta pantalla y vuelva a abrirla desde cTrader.
service-unavailable-title = No estamos disponibles por un momento
service-unavailable-text = No se ha perdido nada. Espere un momento y vuelva a intentarlo.
too-many-requests-title = Es todo por hoy
too-many-requests-text = Ha enviado todas las solicitudes que podemos aceptar en un día. Esta no se ha enviado. Inténtelo de nuevo mañana.
open-deposits-title = Demasiados ingresos en curso
open-deposits-text = Tiene tantos ingresos en curso como es posible al mismo tiempo. Complete uno de ellos o espere a que termine alguno. Después podrá hacer otro.
not-found-title = Aquí no hay nada
not-found-text = Cierre esta pantalla y vuelva a abrirla desde cTrader.
method-not-allowed-title = Esto no se puede abrir así
method-not-allowed-text = Cierre esta pantalla y vuelva a abrirla desde cTrader.
payload-too-large-title = Es demasiado de una vez
payload-too-large-text = No se ha enviado nada. Vuelva atrás, acorte el texto y envíelo de nuevo.
internal-error-title = Algo ha fallado por nuestra parte
internal-error-text = Cierre esta pantalla y vuelva a abrirla desde cTrader. Si había enviado algo, consulte a soporte antes de enviarlo otra vez.
