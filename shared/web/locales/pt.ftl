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
signed-in-as = Sessão iniciada como { $email }
code-for-support = Código para o suporte: { $code }
sending = Envio em curso…
offline = Sem internet. Nada foi enviado. Restabeleça o acesso e tente novamente.

# Campos
check-fields = Verifique os campos assinalados. Ainda nada foi enviado.
field-required = Preencha este campo.
field-too-long = Número máximo de caracteres: { $max }.
field-invalid = Contém caracteres que não podemos aceitar.
field-email-invalid = Indique um e-mail como nome@example.com.
field-phone-invalid = Indique um telefone com o código do país, como +55 11 90000 0000.
field-date-invalid = Indique uma data.
field-date-future = Esta data está no futuro.
field-choice-invalid = Escolha uma destas opções.
amount-invalid = Indique um valor como { $example }, sem separador de milhares.
amount-too-precise = Número máximo de casas decimais: { $decimals }.
amount-too-small = O valor mínimo é { $amount }.
amount-too-large = O valor máximo é { $amount }.

# Depósito
deposit-title = Depositar
deposit-amount = Valor
deposit-limits = De { $min } a { $max }
deposit-presets = Valores habituais
deposit-currency = Moeda
deposit-method = Método de pagamento
deposit-submit = Depositar
deposit-submit-amount = Depositar { $amount }
deposit-open = Depósitos em curso
deposit-show = Ver
deposit-no-method = Aqui não podemos aceitar depósitos numa conta em { $currency }. Fale com o suporte.
deposit-pay = Continuar para o pagamento
deposit-window-text = A página de pagamento abre numa nova janela. Esta página fica à espera.
deposit-since = Iniciado em

# Where a deposit stands
deposit-created-title = Nenhum pagamento confirmado ainda
deposit-created-text = Continue para a página de pagamento. Se você já pagou, não pague novamente: esta página se atualiza sozinha.
deposit-transfer-title = Faça a transferência
deposit-transfer-text = Transfira exatamente este valor e indique a referência.
deposit-pending-title = À espera do seu pagamento
deposit-pending-text = O pagamento está em confirmação. Pode fechar esta página; nada se perde.
deposit-paid-title = Pagamento recebido
deposit-paid-text = Estamos a adicioná-lo à sua conta. Demora só um momento.
deposit-credited-title = Depósito concluído
deposit-credited-text = O dinheiro está na sua conta.
deposit-failed-title = O pagamento não foi concluído
deposit-failed-text = Nada foi adicionado à sua conta. Pode tentar novamente.
deposit-expired-title = Nenhum pagamento chegou a tempo
deposit-expired-text = Nada foi adicionado à sua conta. Se pagou, adicionaremos o valor assim que o pagamento for confirmado.
deposit-checking-title = Estamos a verificar o seu depósito
deposit-checking-text = Por favor, não pague novamente. Estamos a analisar o caso e entraremos em contacto.

# Verificação de identidade
kyc-title = Verifique a sua identidade
kyc-intro = Indique os seus dados exatamente como constam no documento.
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
kyc-recorded-text = Os dados estão em verificação. Avisaremos quando houver um resultado.

# Suporte
chat-title = Suporte
chat-intro = Ainda não há mensagens. Diga-nos do que precisa e entraremos em contacto.
chat-topic = Qual é o assunto?
chat-message = A sua mensagem
chat-message-help = Nunca envie senhas nem números de cartão.
chat-submit = Enviar mensagem
chat-recorded-title = Mensagem recebida
chat-recorded-text = Enviaremos uma resposta.

# Ações personalizadas
action-submit = Enviar
action-recorded-title = Pedido recebido
action-recorded-text = Vamos tratar do assunto.

# O que o sistema da corretora fez de uma ação própria
outcome-succeeded-title = Concluído
outcome-succeeded-text = O seu pedido foi executado.
outcome-failed-title = Não foi possível
outcome-failed-text = Nada mudou.
outcome-unknown-title = Estamos a verificar o seu pedido
outcome-unknown-text = Já o temos, mas ainda não sabemos se foi executado. Não precisa de o enviar de novo.
check-again = Verificar novamente

# O que ficou guardado
reference = Referência
recorded-again = Isto já tinha sido enviado e conta uma só vez. Estes são os dados que temos.
new-request = Novo pedido

# O caminho para uma página do próprio corretor
outside-text = Continua no nosso site, numa nova janela:

# Para programas que mostram links antes de abrir
preview-title = Abrir no cTrader
preview-text = Toque em Continuar para abrir esta página.

# Onde o cTrader fecha a página
callback-success-title = Tudo pronto
callback-success-text = Já pode fechar esta página.
callback-failure-title = Não funcionou
callback-failure-text = Feche esta página e tente novamente a partir do cTrader.

# Erros: o que aconteceu e o que fazer agora
invalid-ot-token-title = Este link não funciona
invalid-ot-token-text = Feche esta página e abra-a novamente a partir do cTrader.
token-expired-title = Este link já foi usado
token-expired-text = Para sua segurança, cada link abre uma só vez. Feche esta página e abra-a novamente a partir do cTrader.
user-not-found-title = Não sabemos quem abriu esta página
user-not-found-text = O cTrader não informou. Inicie sessão novamente no cTrader e volte a abrir esta página.
missing-required-parameter-title = Este link está incompleto
missing-required-parameter-text = Feche esta página e abra-a novamente a partir do cTrader.
invalid-parameter-title = Este link está danificado
invalid-parameter-text = Feche esta página e abra-a novamente a partir do cTrader.
broker-mismatch-title = Esta conta é de outra corretora
broker-mismatch-text = No cTrader, escolha uma das contas que tem na nossa corretora e volte a abrir esta página.
account-mismatch-title = Está selecionada outra conta
account-mismatch-text = Escolha no cTrader a conta que deseja usar e volte a abrir esta página.
session-expired-title = A sua sessão terminou
session-expired-text = O que já tinha enviado continua válido. Feche esta página e abra-a novamente a partir do cTrader.
upstream-unauthorized-title = Não é possível iniciar a sessão agora
upstream-unauthorized-text = A falha é nossa e já fomos avisados. Tente novamente mais tarde a partir do cTrader.
upstream-contract-title = Não é possível iniciar a sessão agora
upstream-contract-text = Feche esta página e abra-a novamente a partir do cTrader.
upstream-unavailable-title = O cTrader está ocupado
upstream-unavailable-text = Nada se perdeu. Aguarde um momento e tente novamente.
redemption-unknown-title = A comunicação com o cTrader falhou
redemption-unknown-text = Feche esta página e abra-a novamente a partir do cTrader.
service-unavailable-title = Serviço indisponível por um momento
service-unavailable-text = Nada se perdeu. Aguarde um momento e tente novamente.
not-found-title = Não há nada aqui
not-found-text = Feche esta página e abra-a novamente a partir do cTrader.
method-not-allowed-title = Isto não pode ser aberto assim
method-not-allowed-text = Feche esta página e abra-a novamente a partir do cTrader.
payload-too-large-title = É muito de uma só vez
payload-too-large-text = Nada foi enviado. Volte, encurte o texto e envie-o novamente.
internal-error-title = Algo falhou do nosso lado
internal-error-text = Feche esta página e abra-a novamente a partir do cTrader. Se tinha enviado algo, fale com o suporte antes de enviar outra vez.
