# Como se escrevem os números
decimal-separator = ,
group-separator = .
grouped-from-digits = 4

# Moldura de cada página
close = Fechar
done = Pronto
try-again = Tentar novamente
continue = Continuar
optional = opcional
account = Conta
signed-in-as = Você entrou como { $email }
code-for-support = Código para o suporte: { $code }
sending = Enviando…
offline = Parece que não há internet. Nada foi enviado. Verifique a conexão e tente novamente.
session-ending = Esta tela está aberta há muito tempo. Se não for mais possível enviar, abra-a novamente pelo cTrader.

# Campos
check-fields = Verifique os campos marcados. Nada foi enviado ainda.
field-required = Preencha este campo.
field-too-long = Número máximo de caracteres: { $max }.
field-invalid = Contém caracteres que não podemos aceitar.
field-email-invalid = Informe um e-mail como nome@example.com.
field-phone-invalid = Informe um telefone com o código do país, como +55 11 90000 0000.
field-iban-invalid = Informe um IBAN válido, como consta no seu extrato bancário.
field-date-invalid = Informe uma data.
field-date-future = Esta data está no futuro.
field-choice-invalid = Escolha uma destas opções.
amount-invalid = Informe um valor como { $example }, sem separador de milhares.
amount-ambiguous = Este valor pode ser lido de duas formas. Qual deles é o correto?
amount-too-precise = Número máximo de casas decimais: { $decimals }.
amount-min = Valor mínimo: { $amount }.
amount-max = Valor máximo: { $amount }.
amount-limits = De { $min } a { $max }

# Depósito
deposit-title = Depositar
deposit-amount = Valor
deposit-presets = Valores habituais
deposit-currency = Moeda
deposit-method = Método de pagamento
deposit-submit = Depositar
deposit-submit-amount = Depositar { $amount }
deposit-open = Depósitos em andamento
deposit-show = Ver
deposit-no-method = Aqui não podemos aceitar depósitos em uma conta em { $currency }. Fale com o suporte.
deposit-pay = Continuar para o pagamento
deposit-window-text = A página de pagamento abre em uma nova janela. Esta página ficará aguardando.
deposit-since = Iniciado em

# Status of a deposit
deposit-created-title = Nenhum pagamento confirmado ainda
deposit-created-text = Continue para a página de pagamento. Se você já pagou, não pague novamente: esta página se atualiza sozinha.
deposit-transfer-title = Faça a transferência
deposit-transfer-text = Transfira exatamente este valor e informe a referência.
deposit-pending-title = Aguardando o seu pagamento
deposit-pending-text = O pagamento está sendo confirmado. Você pode fechar esta página; nada se perde.
deposit-paid-title = Pagamento recebido
deposit-paid-text = Estamos adicionando o valor à sua conta. Isso leva só um momento.
deposit-credited-title = Depósito concluído
deposit-credited-text = O dinheiro está na sua conta.
deposit-failed-title = O pagamento não foi concluído
deposit-failed-text = Nada foi adicionado à sua conta. Você pode tentar novamente.
deposit-expired-title = Nenhum pagamento chegou a tempo
deposit-expired-text = Nada foi adicionado à sua conta. Se você pagou, adicionaremos o valor assim que o pagamento for confirmado.
deposit-checking-title = Estamos verificando o seu depósito
deposit-checking-text = Por favor, não pague novamente. Estamos analisando o caso e entraremos em contato.

# Verificação de identidade
kyc-title = Verifique a sua identidade
kyc-intro = Informe os seus dados exatamente como constam no documento.
kyc-first-name = Nome
kyc-last-name = Sobrenome
kyc-birth-date = Data de nascimento
kyc-country = País de residência
kyc-address = Rua e número
kyc-city = Cidade
kyc-postcode = Código postal
kyc-document = Documento
kyc-document-number = Número do documento
kyc-submit = Enviar para verificação
kyc-recorded-title = Dados recebidos
kyc-recorded-text = Estamos verificando os dados e avisaremos você.

# Suporte
chat-title = Suporte
chat-intro = Ainda não há mensagens. Diga do que você precisa e entraremos em contato.
chat-topic = Qual é o assunto?
chat-message = A sua mensagem
chat-message-help = Nunca envie senhas nem números de cartão.
chat-submit = Enviar mensagem
chat-recorded-title = Mensagem recebida
chat-recorded-text = Entraremos em contato.

# Ações personalizadas
action-submit = Enviar
action-recorded-title = Pedido recebido
action-recorded-text = Vamos cuidar do assunto.

# O que o sistema da corretora fez de uma ação própria
outcome-succeeded-title = Concluído
outcome-succeeded-text = O seu pedido foi executado.
outcome-failed-title = Não foi possível
outcome-failed-text = Nada mudou.
outcome-unknown-title = Estamos verificando o seu pedido
outcome-unknown-text = Nós o recebemos, mas ainda não sabemos se foi executado. Não é preciso enviá-lo novamente.
check-again = Verificar novamente

# O que ficou guardado
reference = Referência
recorded-again = Isto já havia sido enviado e conta uma só vez. Estes são os dados que temos.
new-request = Novo pedido

# O caminho para uma página da própria corretora
outside-text = Continue no nosso site, em uma nova janela:

# Para programas que mostram links antes de abrir
preview-title = Abrir no cTrader
preview-text = Toque em Continuar para abrir esta página.

# Onde o cTrader fecha a página
callback-success-title = Tudo pronto
callback-success-text = Você já pode fechar esta página.
callback-failure-title = Não funcionou
callback-failure-text = Feche esta página e tente novamente pelo cTrader.

# Erros: o que aconteceu e o que fazer agora
invalid-ot-token-title = Este link não funciona
invalid-ot-token-text = Feche esta página e abra-a novamente pelo cTrader.
token-expired-title = Este link já foi usado
token-expired-text = Para sua segurança, cada link abre uma só vez. Feche esta página e abra-a novamente pelo cTrader.
user-not-found-title = Não sabemos quem abriu esta página
user-not-found-text = O cTrader não nos informou. Entre novamente no cTrader e abra esta página outra vez.
missing-required-parameter-title = Este link está incompleto
missing-required-parameter-text = Feche esta página e abra-a novamente pelo cTrader.
invalid-parameter-title = Este link está danificado
invalid-parameter-text = Feche esta página e abra-a novamente pelo cTrader.
broker-mismatch-title = Esta conta é de outra corretora
broker-mismatch-text = No cTrader, escolha uma das contas que você tem na nossa corretora e abra esta página novamente.
account-mismatch-title = Outra conta está selecionada
account-mismatch-text = Escolha no cTrader a conta que deseja usar e abra esta página novamente.
other-site-title = Esta página não foi aberta a partir do cTrader
other-site-text = Para sua segurança, feche esta página e abra-a a partir do cTrader.
session-expired-title = A sua sessão terminou
session-expired-text = O que você já havia enviado continua válido. Feche esta página e abra-a novamente pelo cTrader.
upstream-unauthorized-title = Não é possível entrar agora
upstream-unauthorized-text = A falha é nossa e já fomos avisados. Tente novamente mais tarde pelo cTrader.
upstream-contract-title = Não é possível entrar agora
upstream-contract-text = Feche esta página e abra-a novamente pelo cTrader.
set-up-unfinished-title = Esta página ainda não está pronta
set-up-unfinished-text = Sua corretora precisa concluir a configuração. Você não fez nada de errado. Fale com o suporte.
upstream-unavailable-title = O cTrader está ocupado
upstream-unavailable-text = Nada se perdeu. Aguarde um momento e tente novamente.
redemption-unknown-title = A comunicação com o cTrader falhou
redemption-unknown-text = Feche esta página e abra-a novamente pelo cTrader.
service-unavailable-title = Serviço indisponível por um momento
service-unavailable-text = Nada se perdeu. Aguarde um momento e tente novamente.
too-many-requests-title = Por hoje é só
too-many-requests-text = Você enviou tantos pedidos quantos podemos aceitar em um dia. Este não foi enviado. Tente novamente amanhã.
open-deposits-title = Depósitos demais em andamento
open-deposits-text = Você tem tantos depósitos em andamento quantos são possíveis ao mesmo tempo. Conclua um deles ou espere até que um termine. Depois você pode fazer outro.
not-found-title = Não há nada aqui
not-found-text = Feche esta página e abra-a novamente pelo cTrader.
method-not-allowed-title = Isto não pode ser aberto assim
method-not-allowed-text = Feche esta página e abra-a novamente pelo cTrader.
payload-too-large-title = É muito de uma só vez
payload-too-large-text = Nada foi enviado. Volte, encurte o texto e envie-o novamente.
internal-error-title = Algo falhou do nosso lado
internal-error-text = Feche esta página e abra-a novamente pelo cTrader. Se você já havia enviado algo, fale com o suporte antes de enviar outra vez.
