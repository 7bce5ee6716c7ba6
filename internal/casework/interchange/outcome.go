package interchange

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"waymark/internal/platform/forms"
)

// Issue is one thing that is wrong, in words for whoever runs the other system.
// It repeats nothing of what a message says.
type Issue struct {
	Code string // a code of FHIR's issue types
	Text string
	At   string // where, as a path
}

// Refusal is why a message is not taken. Nothing of it was kept.
type Refusal struct {
	Status int // of HTTP
	Issues []Issue
}

func (r *Refusal) Error() string {
	var words []string
	for _, i := range r.Issues {
		words = append(words, i.Code+" "+i.At)
	}
	return fmt.Sprintf("the message is refused (%d): %s", r.Status, strings.Join(words, ", "))
}

// The statuses of refusals.
const (
	badRequest    = 400
	forbidden     = 403
	conflict      = 409
	wrongMedia    = 415
	unprocessable = 422
)

func refuse(status int, code, at, text string) *Refusal {
	return &Refusal{Status: status, Issues: []Issue{{Code: code, Text: text, At: at}}}
}

// AsRefusal tells whether an error is a refusal.
func AsRefusal(err error) (*Refusal, bool) {
	var r *Refusal
	return r, errors.As(err, &r)
}

// faulty is what is wrong with a referral, told by the questions of the message.
func faulty(errs forms.Errors) *Refusal {
	r := &Refusal{Status: unprocessable}
	for _, e := range errs {
		code := "required"
		switch {
		case e.Field == "override":
			code = "business-rule"
			e.Message = "An agreement between the two agencies does not permit all of this, or wants the key contact to be asked first. Leave it out, or send it with the priority urgent, which is reviewed"
		case strings.HasPrefix(e.Message, "Shorten"):
			code = "too-long"
		case e.Field == "born":
			code = "value"
		}
		r.Issues = append(r.Issues, Issue{Code: code, Text: e.Message, At: "QuestionnaireResponse.item.where(linkId='" + strings.TrimSuffix(e.Field, "-day") + "')"})
	}
	return r
}

// Outcome is an OperationOutcome that says what is wrong.
func Outcome(issues ...Issue) []byte { return outcome("error", issues...) }

func outcome(severity string, issues ...Issue) []byte {
	out := operationOutcome{ResourceType: "OperationOutcome"}
	for _, i := range issues {
		one := issue{Severity: severity, Code: i.Code, Details: &concept{Text: i.Text}}
		if i.At != "" {
			one.Expression = []string{i.At}
		}
		out.Issue = append(out.Issue, one)
	}
	return encoded(out)
}

// encoded is JSON of shapes that always have some.
func encoded(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		return []byte(`{"resourceType":"OperationOutcome","issue":[{"severity":"fatal","code":"exception"}]}`)
	}
	return b
}

// FaultIssue is what an error of the frame is called in an OperationOutcome.
func FaultIssue(status int) Issue {
	switch status {
	case 401:
		return Issue{Code: "login", Text: "There is no token, or it opens nothing any more"}
	case 403:
		return Issue{Code: "forbidden", Text: "The token is not for this"}
	case 404:
		return Issue{Code: "not-found", Text: "It is not there"}
	case 409:
		return Issue{Code: "conflict", Text: "It was changed meanwhile"}
	case 413:
		return Issue{Code: "too-long", Text: "It is larger than what is taken here"}
	case 400:
		return Issue{Code: "structure", Text: "It cannot be read"}
	case 507:
		return Issue{Code: "no-store", Text: "There is no room. Nothing was kept: send it again later"}
	}
	return Issue{Code: "exception", Text: "Something went wrong here. Nothing was kept: send it again later"}
}
