package agreementsweb

import (
	"context"
	"slices"

	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/web"
	"waymark/internal/registers/agreements"
	"waymark/internal/registers/directory"
)

type exploreView struct {
	From, To, Role string
	Purpose        string
	Subject        string
	Kinds, Facts   []string
	Places         agreements.Places
	Own            directory.AgencyID
	Asked          bool
	Answer         agreements.Answer
	Bound          []agreements.Bound
	Contacts       []string // by name
	Errors         forms.Errors
}

// clauseOf is a clause that said something, with its agreement.
func (v exploreView) clauseOf(r agreements.Ref) (agreements.Document, agreements.Clause) {
	for _, b := range v.Bound {
		if b.Agreement == r.Agreement && b.Version == r.Version {
			c, _ := b.Document.Clause(r.Clause)
			return b.Document, c
		}
	}
	return agreements.Document{}, agreements.Clause{}
}

func (p *Pages) explore(ctx context.Context, r *web.Request) (web.Response, error) {
	v := exploreView{
		From: r.Query("from"), To: r.Query("to"), Role: r.Query("role"), Purpose: r.Query("purpose"), Subject: r.Query("subject"),
		Kinds: r.QueryAll("kinds"), Facts: r.QueryAll("facts"), Own: directory.AgencyID(r.Actor.Agency), Asked: r.Query("ask") != "",
	}
	if !v.Asked && v.From == "" {
		v.From = r.Actor.Agency
		if len(r.Actor.Teams) > 0 {
			v.From += "/" + r.Actor.Teams[0]
		}
	}
	var err error
	if v.Places, err = p.agreements.Places(ctx, r.Actor); err != nil {
		return nil, err
	}
	if v.Asked {
		if v.Errors = v.check(); !v.Errors.Any() {
			if err := p.ask(ctx, r.Actor, &v); err != nil {
				return nil, err
			}
		}
	}
	return p.page(r, "What may be shared?", exploreBody(v), backToList, v.Errors.Any()), nil
}

func (v exploreView) check() forms.Errors {
	var errs forms.Errors
	from, to := end(v.From), end(v.To)
	there := func(s agreements.Side) bool {
		return slices.ContainsFunc(v.Places.All(), func(p agreements.Place) bool { return p.Agency == s.Agency && p.Team == s.Team })
	}
	switch {
	case !there(from):
		errs.Add("from", "Select who would send it")
	case !there(to):
		errs.Add("to", "Select who would receive it")
	case from.Agency == to.Agency:
		errs.Add("to", "Select another agency. Within an agency, who may see what is decided by its own rules")
	case from.Agency != v.Own && to.Agency != v.Own:
		errs.Add("from", "Select your own agency as sender or receiver")
	}
	if v.Role != "" && !slices.Contains(agreements.Roles(), policy.Role(v.Role)) {
		errs.Add("role", "Select the role from the list, or leave it open")
	}
	if !slices.Contains(agreements.Purposes(), agreements.Purpose(v.Purpose)) {
		errs.Add("purpose", "Select what it is for")
	}
	if !slices.Contains(agreements.Subjects(), agreements.Subject(v.Subject)) {
		errs.Add("subject", "Select whom it is about")
	}
	if len(v.Kinds) == 0 {
		errs.Add("kinds", "Select at least one kind of information")
	}
	for _, k := range v.Kinds {
		if !slices.Contains(agreements.Kinds(), agreements.Kind(k)) {
			errs.Add("kinds", "Select kinds of information from the list")
		}
	}
	for _, k := range v.Facts {
		if !slices.Contains(agreements.Conditions(), agreements.Condition(k)) {
			errs.Add("facts", "Select from the list")
		}
	}
	return errs
}

func (p *Pages) ask(ctx context.Context, actor policy.Actor, v *exploreView) error {
	from, to := end(v.From), end(v.To)
	q := agreements.Request{
		From: agreements.End{Agency: from.Agency}, To: agreements.End{Agency: to.Agency},
		Purpose: agreements.Purpose(v.Purpose), Subject: agreements.Subject(v.Subject),
	}
	if from.Team != "" {
		q.From.Teams = []directory.TeamID{from.Team}
	}
	if to.Team != "" {
		q.To.Teams = []directory.TeamID{to.Team}
	}
	if v.Role != "" {
		q.From.Roles = []policy.Role{policy.Role(v.Role)}
	}
	for _, k := range agreements.Kinds() {
		if slices.Contains(v.Kinds, string(k)) {
			q.Kinds = append(q.Kinds, k)
		}
	}
	for _, c := range agreements.Conditions() {
		if slices.Contains(v.Facts, string(c)) {
			q.Facts = append(q.Facts, c)
		}
	}
	answer, set, err := p.agreements.Explain(ctx, actor, q)
	if err != nil {
		return err
	}
	v.Answer, v.Bound = answer, set.Bound()
	names, err := p.directory.MemberNames(ctx, actor, answer.Contacts)
	for _, account := range answer.Contacts {
		if name := names[account]; name != "" {
			v.Contacts = append(v.Contacts, name)
		}
	}
	return err
}
