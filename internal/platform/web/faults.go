package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

var (
	// ErrNoSuchPage is returned for an address that is not in the table.
	ErrNoSuchPage  = errors.New("no such page")
	errNoProgram   = errors.New("the token opens nothing")
	errCrossOrigin = errors.New("the request comes from another site")
)

// faultAnswer is the one place where an error becomes an answer. To most
// people what is not allowed looks like what is not there: the same page, the
// same status.
func (f *Frame) faultAnswer(ctx context.Context, route Route, r *Request, err error) *answer {
	denied, isDenied := policy.IsDenied(err)
	var bad *badRequest
	var p Page
	switch {
	case isDenied && denied.Known:
		p = Page{status: http.StatusForbidden, Title: "You cannot do this", Body: deniedPage()}
	case isDenied, errors.Is(err, store.ErrNotFound), errors.Is(err, ErrNoSuchPage):
		p = Page{status: http.StatusNotFound, Title: "Page not found", Body: notFoundPage()}
	case errors.Is(err, store.ErrConflict):
		p = Page{status: http.StatusConflict, Title: "Changed by somebody else", Body: conflictPage()}
	case errors.Is(err, errNoProgram):
		p = Page{status: http.StatusUnauthorized, Title: "You cannot do this", Body: deniedPage()}
	case errors.Is(err, errCrossOrigin):
		p = Page{status: http.StatusForbidden, Title: "You cannot do this", Body: crossOriginPage()}
	case errors.Is(err, errTooLarge):
		p = Page{status: http.StatusRequestEntityTooLarge, Title: "Too much at once", Body: tooLargePage()}
	case errors.As(err, &bad):
		p = Page{status: http.StatusBadRequest, Title: "Something is missing", Body: badRequestPage()}
	case errors.Is(err, store.ErrFull):
		p = Page{status: http.StatusInsufficientStorage, Title: "Nothing was saved", Body: fullPage(r.kept())}
		if r.reads() {
			p.Title, p.Body = "This cannot be shown now", fullReadPage()
		}
	default:
		if route.Pattern == ExitPath {
			route.Pattern = "(none)" // not even a failure to leave is logged as one (S10)
		}
		f.cfg.Log.LogAttrs(ctx, slog.LevelError, "fault", slog.String("id", r.ID), slog.String("route", route.Pattern), slog.String("error", err.Error()))
		p = Page{status: http.StatusInternalServerError, Title: "Something went wrong", Body: faultPage(r.ID, r.kept())}
	}
	if route.Fault != nil {
		return route.fault(p.status, r)
	}
	// A form that came too slowly has ended the request already, and is told so.
	res, renderErr := f.draw(context.WithoutCancel(ctx), p, r)
	if renderErr != nil {
		f.cfg.Log.ErrorContext(ctx, "rendering an error page", "id", r.ID, "error", renderErr)
		return &answer{
			status: http.StatusInternalServerError, header: http.Header{"Content-Type": {"text/plain; charset=utf-8"}},
			body: []byte("Something went wrong. Nothing was saved. Reference: " + r.ID + "\n"),
		}
	}
	return res
}

// draw renders a page whatever is the matter with the parts of the frame that
// others give.
func (f *Frame) draw(ctx context.Context, p Page, r *Request) (res *answer, err error) {
	defer caught(&err)
	return p.render(ctx, f, r)
}
