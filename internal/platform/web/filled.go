package web

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"waymark/internal/platform/auth"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web/ui"
)

// What somebody had typed when their session ended is given back in the form
// that it was typed in: the page is asked for with the name of the draft, drawn
// as for everybody, and its form is filled in before the answer leaves. Nothing
// is sent before they press the button, and the draft is gone when they have.

// draftField is the name of a draft, in the address of the page and in the form
// that was filled in.
const draftField = "_draft"

// notFilledIn is where the words are when there is no form for them any more.
const notFilledIn = DraftsPath + "?done=elsewhere"

// Filled is the address at which a draft's form stands filled in.
func Filled(d auth.Draft) string {
	page := d.Page
	if page == "" {
		page = d.Path
	}
	u, err := url.Parse(page)
	if err != nil || !ours(page) {
		return notFilledIn
	}
	return u.EscapedPath() + "?" + url.Values{draftField: {d.ID}}.Encode()
}

func filledIn(d auth.Draft) *ui.Flash {
	return &ui.Flash{Content: filledNotice(d.Kept.Format("2 January 2006 at 15:04"))}
}

// beginFilling reads the draft that a page is asked for with.
func (f *Frame) beginFilling(ctx context.Context, r *Request) error {
	id := ""
	if r.reads() && r.signedIn() && r.cookie != "" {
		id = r.Query(draftField)
	}
	if id == "" {
		return nil
	}
	d, err := f.cfg.Auth.Draft(ctx, r.cookie, id)
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, auth.ErrNoSession) {
		return nil // it was sent or thrown away since: the page is as it always is
	}
	if err == nil {
		r.filling = &d
	}
	return err
}

// endFilling fills the form of the page in; and of a form that was filled in
// and has now been sent, it removes the draft.
func (f *Frame) endFilling(ctx context.Context, r *Request, res *answer) (*answer, error) {
	switch {
	case r.filling != nil:
		body, ok := fill(res.body, r.http.URL.Path, *r.filling)
		if !ok || res.status != http.StatusOK {
			return SeeOther(notFilledIn).render(ctx, f, r)
		}
		res.body = body
	case r.draft == "" || !r.signedIn():
	case res.status == http.StatusSeeOther:
		err := f.cfg.Auth.SentDraft(ctx, r.cookie, r.draft)
		if err != nil && !errors.Is(err, auth.ErrNoSession) {
			// What was sent is kept. The draft goes by itself, after its time.
			f.cfg.Log.WarnContext(ctx, "a draft was sent and is still there", "id", r.ID)
		}
	case res.status == http.StatusUnprocessableEntity, res.status == http.StatusOK:
		// It comes back with what is wrong, or with its next step, and stays the
		// form of that draft.
		if body, ok := fill(res.body, r.http.URL.Path, auth.Draft{ID: r.draft, Path: r.http.URL.EscapedPath()}); ok {
			res.body = body
		}
	}
	return res, nil
}

// fill puts what was typed into the form of a page that is sent to where the
// draft was to be sent. What the page itself puts into hidden fields stays: the
// version of a record is the one that the person sees now. Without values in
// the draft the form is only marked as its form.
func fill(page []byte, at string, d auth.Draft) ([]byte, bool) {
	doc, err := html.ParseWithOptions(bytes.NewReader(page), html.ParseOptionEnableScripting(false))
	if err != nil {
		return nil, false
	}
	form := find(doc, func(n *html.Node) bool {
		if n.DataAtom != atom.Form || !strings.EqualFold(attr(n, "method"), http.MethodPost) {
			return false
		}
		action, err := url.Parse(attr(n, "action"))
		if err != nil {
			return false
		}
		path := action.EscapedPath()
		if path == "" {
			path = at
		}
		return path == d.Path
	})
	if form == nil {
		return nil, false
	}
	if d.Form != nil {
		placed := map[string]int{}
		each(form, func(n *html.Node) { fillField(n, d.Form, placed) })
	}
	mark := &html.Node{Type: html.ElementNode, Data: "input", DataAtom: atom.Input, Attr: []html.Attribute{
		{Key: "type", Val: "hidden"}, {Key: "name", Val: draftField}, {Key: "value", Val: d.ID},
	}}
	form.AppendChild(mark)
	var out bytes.Buffer
	if err := html.Render(&out, doc); err != nil {
		return nil, false
	}
	return out.Bytes(), true
}

// fillField gives one field its value back. Of fields of the same name each
// takes the next of the values.
func fillField(n *html.Node, form url.Values, placed map[string]int) {
	name := attr(n, "name")
	values, typed := form[name]
	next := func() (string, bool) {
		i := placed[name]
		placed[name]++
		if i >= len(values) {
			return "", false
		}
		return values[i], true
	}
	switch {
	case name == "":
	case n.DataAtom == atom.Textarea:
		if v, ok := next(); ok {
			for c := n.FirstChild; c != nil; c = n.FirstChild {
				n.RemoveChild(c)
			}
			n.AppendChild(&html.Node{Type: html.TextNode, Data: v})
		}
	case n.DataAtom == atom.Select:
		if typed {
			each(n, func(o *html.Node) {
				if o.DataAtom == atom.Option {
					set(o, "selected", slices.Contains(values, attr(o, "value")))
				}
			})
		}
	case n.DataAtom == atom.Input:
		switch strings.ToLower(attr(n, "type")) {
		case "hidden", "file", "password", "submit", "button", "image", "reset":
		case "radio", "checkbox":
			set(n, "checked", slices.Contains(values, attr(n, "value")))
		default:
			if v, ok := next(); ok {
				unset(n, "value")
				n.Attr = append(n.Attr, html.Attribute{Key: "value", Val: v})
			}
		}
	}
}

// each calls fn for the nodes below one.
func each(n *html.Node, fn func(*html.Node)) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode {
			fn(c)
		}
		each(c, fn)
	}
}

func find(n *html.Node, such func(*html.Node) bool) *html.Node {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && such(c) {
			return c
		}
		if found := find(c, such); found != nil {
			return found
		}
	}
	return nil
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func unset(n *html.Node, key string) {
	n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool { return a.Key == key })
}

// set sets an attribute that is there or not.
func set(n *html.Node, key string, on bool) {
	unset(n, key)
	if on {
		n.Attr = append(n.Attr, html.Attribute{Key: key})
	}
}
