package httpapi

import "net/http"

// maxRefused is how many refused entries are listed.
const maxRefused = 1000

// ListRefused returns what DoubleTick refused, and whose it is.
func (s *Server) ListRefused(w http.ResponseWriter, r *http.Request) {
	list, err := s.desk.Rejected(r.Context(), maxRefused)
	if err != nil {
		s.writeDeskError(w, r, err)
		return
	}
	answer := RefusedList{Refused: []RefusedEntry{}}
	for _, e := range list {
		one := RefusedEntry{At: e.CreatedAt.Time().UTC(), Address: string(e.Address), Name: e.Customer.Name, Act: RefusedEntryAct(e.Op), Why: e.Text()}
		if e.HTTPStatus != 0 {
			one.Status = &e.HTTPStatus
		}
		answer.Refused = append(answer.Refused, one)
	}
	writeJSON(w, http.StatusOK, answer)
}
