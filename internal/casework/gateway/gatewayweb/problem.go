package gatewayweb

import (
	"encoding/json"
	"errors"
	"net/http"

	"waymark/internal/casework/webhooks"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/web"
)

// problemType is the media type of errors (RFC 9457).
const problemType = "application/problem+json"

// problem is what is wrong, for whoever runs the program. It repeats nothing that
// was sent but names of fields.
type problem struct {
	Type     string  `json:"type"`
	Title    string  `json:"title"`
	Status   int     `json:"status"`
	Detail   string  `json:"detail,omitempty"`
	Instance string  `json:"instance,omitempty"` // by which the operator finds it in the log
	Errors   []wrong `json:"errors,omitempty"`
}

type wrong struct {
	Field  string `json:"field"`
	Detail string `json:"detail"`
}

func (p problem) Error() string { return p.Title }

func refuse(status int, detail string, errs ...wrong) problem {
	return problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: detail, Errors: errs}
}

func (p problem) answer(header map[string]string) web.Answer {
	body, err := json.Marshal(p)
	if err != nil { // it has nothing that could not be written
		body = []byte(`{"type":"about:blank","title":"Internal Server Error","status":500}`)
	}
	return web.Answer{Status: p.Status, Type: problemType, Header: header, Body: body}
}

// known is an error that the program is told of in words; false for all others.
func known(err error) (problem, bool) {
	var p problem
	errs, invalid := forms.AsErrors(err)
	switch {
	case errors.As(err, &p):
		return p, true
	case errors.Is(err, webhooks.ErrSame):
		return refuse(http.StatusConflict, "The program is told at that address already"), true
	case errors.Is(err, webhooks.ErrMany):
		return refuse(http.StatusConflict, "The program has ten webhooks, and no more than that"), true
	case invalid:
		p = refuse(http.StatusBadRequest, "Something that was sent is missing, or cannot be taken")
		for _, e := range errs {
			p.Errors = append(p.Errors, wrong{Field: e.Field, Detail: e.Message})
		}
		return p, true
	}
	return p, false
}

// fault is an error of the frame as a problem.
func fault(f web.Fault) web.Answer {
	p := refuse(f.Status, "")
	switch f.Status {
	case http.StatusUnauthorized:
		p.Detail = "There is no token, or it opens nothing any more"
	case http.StatusForbidden:
		p.Detail = "The token is not for this"
	case http.StatusNotFound:
		p.Detail = "It is not there"
	case http.StatusConflict:
		p.Detail = "It was changed meanwhile"
	case http.StatusRequestEntityTooLarge:
		p.Detail = "It is larger than what is taken here"
	case http.StatusBadRequest:
		p.Detail = "It cannot be read"
	case http.StatusInsufficientStorage:
		p.Detail = "There is no room. Nothing was kept: try it again later"
	default:
		p.Detail, p.Instance = "Something went wrong here. Nothing was kept: try it again later", "urn:waymark:request:"+f.Reference
	}
	return p.answer(f.Header)
}
