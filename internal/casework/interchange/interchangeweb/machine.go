package interchangeweb

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"regexp"

	"waymark/internal/casework/interchange"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
)

// The addresses for programs.
const (
	Root        = "/fhir"
	ProcessPath = Root + "/$process-message"
	TaskPath    = Root + "/Task"
)

// MachineRoutes are those for programs.
func (p *Pages) MachineRoutes() []web.Route {
	const open = "what another system must know before it has a token"
	return []web.Route{
		{Method: http.MethodPost, Pattern: ProcessPath, Action: interchange.ActDeliver, Handler: p.process, Fault: fault},
		{Method: http.MethodGet, Pattern: TaskPath, Action: interchange.ActFollow, Handler: p.tasks, Fault: fault},
		{Method: http.MethodGet, Pattern: TaskPath + "/{task}", Action: interchange.ActFollow, Handler: p.task, Fault: fault},
		{Method: http.MethodGet, Pattern: Root + "/metadata", Public: open, Alike: true, Handler: p.capabilities, Fault: fault},
		{Method: http.MethodGet, Pattern: Root + "/MessageDefinition", Public: open, Alike: true, Handler: p.definitions, Fault: fault},
	}
}

var uuid = regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)

// echoed are the ids by which the other system knows its request.
func echoed(header func(string) string) map[string]string {
	out := map[string]string{}
	for _, name := range []string{"X-Request-Id", "X-Correlation-Id"} {
		if v := header(name); uuid.MatchString(v) {
			out[name] = v
		}
	}
	return out
}

// echo sends them back.
func echo(r *web.Request) {
	for name, v := range echoed(r.Header) {
		r.Echo(name, v)
	}
}

func answer(r *web.Request, status int, body []byte) web.Answer {
	return web.Answer{Status: status, Type: interchange.MediaType + "; charset=utf-8", Header: r.Echoed(), Body: body}
}

func fault(f web.Fault) web.Answer {
	i := interchange.FaultIssue(f.Status)
	if f.Status >= http.StatusInternalServerError {
		i.Text += " (reference " + f.Reference + ")"
	}
	header := echoed(f.Asked) // who is not recognised is told, too, which request it was
	maps.Copy(header, f.Header)
	return web.Answer{Type: interchange.MediaType + "; charset=utf-8", Header: header, Body: interchange.Outcome(i)}
}

// refused is a refusal as an answer; nil for any other error.
func refused(r *web.Request, err error) web.Response {
	if why, is := interchange.AsRefusal(err); is {
		return answer(r, why.Status, interchange.Outcome(why.Issues...))
	}
	return nil
}

func (p *Pages) process(ctx context.Context, r *web.Request) (web.Response, error) {
	echo(r)
	body, err := r.Body()
	if err != nil {
		return nil, err
	}
	out, err := p.interchange.Receive(ctx, r.Actor, interchange.Incoming{MediaType: r.Header("Content-Type"), Target: r.Header("NHSD-Target-Identifier"), Body: body})
	if no := refused(r, err); no != nil {
		return no, nil
	}
	if err != nil {
		return nil, err
	}
	return answer(r, http.StatusOK, out), nil
}

func (p *Pages) tasks(ctx context.Context, r *web.Request) (web.Response, error) {
	echo(r)
	q, err := interchange.ParseQuestion(r.Query)
	if no := refused(r, err); no != nil {
		return no, nil
	}
	list, more, err := p.interchange.Standings(ctx, r.Actor, q)
	if err != nil {
		return nil, err
	}
	address := func(after string) string {
		v := url.Values{}
		for _, name := range []string{"_id", "status", "focus:identifier", "_lastUpdated"} {
			if given := r.Query(name); given != "" {
				v.Set(name, given)
			}
		}
		if after != "" {
			v.Set("after", after)
		}
		if len(v) == 0 {
			return r.Site() + TaskPath
		}
		return r.Site() + TaskPath + "?" + v.Encode()
	}
	next := ""
	if more {
		next = address(string(list[len(list)-1].Share))
	}
	return answer(r, http.StatusOK, p.interchange.Tasks(list, address(q.After), next)), nil
}

func (p *Pages) task(ctx context.Context, r *web.Request) (web.Response, error) {
	echo(r)
	list, _, err := p.interchange.Standings(ctx, r.Actor, interchange.Question{ID: r.Path("task")})
	if err == nil && len(list) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return answer(r, http.StatusOK, p.interchange.Task(list[0])), nil
}

func (p *Pages) capabilities(_ context.Context, r *web.Request) (web.Response, error) {
	return answer(r, http.StatusOK, p.interchange.Capabilities(r.Site())), nil
}

func (p *Pages) definitions(_ context.Context, r *web.Request) (web.Response, error) {
	return answer(r, http.StatusOK, p.interchange.Definitions(r.Site()+Root+"/MessageDefinition")), nil
}
