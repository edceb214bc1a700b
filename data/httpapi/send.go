package httpapi

import (
	"net/http"

	"github.com/latchdesk/latchdesk/data"
)

// messageStatuses are the contract's words for the status of an outgoing message.
var messageStatuses = map[data.MessageStatus]MessageStatus{
	data.KeptHere:  MessageStatusKEPT,
	data.Waiting:   MessageStatusWAITING,
	data.Sent:      MessageStatusSENT,
	data.Delivered: MessageStatusDELIVERED,
	data.Read:      MessageStatusREAD,
	data.Failed:    MessageStatusFAILED,
}

func toMessageStatus(t data.MessageStatus) MessageStatus {
	if status, ok := messageStatuses[t]; ok {
		return status
	}
	return MessageStatusKEPT
}

// SendText sends a text to a customer.
func (s *Server) SendText(w http.ResponseWriter, r *http.Request, params SendTextParams) {
	body, ok := decodeBody[TextRequest](w, r)
	if !ok {
		return
	}
	if !s.checkSender(w, r, textOrEmpty(body.From)) {
		return
	}
	c, ok := s.customer(w, r, "to", body.To)
	if !ok {
		return
	}
	request := data.SendRequest{Text: body.Content.Text, Idempotency: idempotencyKey(r, params.IdempotencyKey)}
	if body.MessageID != nil {
		request.ID = body.MessageID.String()
	}
	m, err := s.desk.SendIdempotent(r.Context(), actor(body.Agent), c.ID, request)
	if err != nil {
		s.writeDeskError(w, r, err)
		return
	}
	writeJSON(w, http.StatusCreated, SentText{Recipient: string(c.Address), Status: toMessageStatus(m.Status), MessageID: m.RemoteID})
}

// checkSender reports whether a text can be sent from a number: only from that of
// the account that the desk is joined to. If it cannot, the request has been
// answered.
func (s *Server) checkSender(w http.ResponseWriter, r *http.Request, from string) bool {
	if from == "" {
		return true
	}
	business, err := parsePhone(from)
	if err != nil {
		writeBadRequest(w, r, "from must be a valid phone number")
		return false
	}
	account, err := s.desk.Account(r.Context())
	if err != nil {
		s.writeDeskError(w, r, err)
		return false
	}
	if account.Joined() && account.Number != business {
		writeError(w, http.StatusUnprocessableEntity, "This desk sends from "+string(account.Number))
		return false
	}
	return true
}
