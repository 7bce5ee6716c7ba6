package registerweb

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/register"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/steps"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/people"
)

// The steps of a referral.
const (
	toStep     = "to"
	whoStep    = "who"
	peopleStep = "people"
	routesStep = "routes"
	reachStep  = "reach"
	countStep  = "count"
	viewsStep  = "views"
	basisStep  = "basis"
	packStep   = "pack"
)

var (
	viewsFieldNames = []string{"asked", "view_words", "present", "view_why", "informed", "informed_how", "not_told", "tell_on-day", "tell_on-month", "tell_on-year"}
	basisFieldNames = []string{"grounds", "basis", "rationale", "danger", "urgent"}
)

func referSteps(f *cases.File) steps.Form {
	return steps.New(f.Path()+"/marac/refer", "Refer to the meeting", []steps.Step{
		{Name: toStep, Title: "To which meeting, and why?", Fields: []string{"to", "why", "protects", "harm", "referrer"}, Short: true},
		{Name: whoStep, Title: "Who is it about?", Fields: []string{"victim", "contact"}, Short: true},
		{Name: peopleStep, Title: "Who harms them, and who else belongs to it?", Fields: []string{"p0_part"}, Short: true},
		{Name: routesStep, Title: "By which routes?", Fields: []string{"route_visible", "route_judgement", "route_escalation", "route_repeat", "evidence_visible", "evidence_judgement", "evidence_escalation", "evidence_repeat", "incident-day", "crime"}},
		{Name: reachStep, Title: "Who may be spoken to, and which IDVA works with them?", Fields: []string{"safe_to", "unsafe_to", "afraid", "idva", "why_not"}},
		{Name: countStep, Title: "What the national return counts", Fields: []string{"bme", "lgbt", "disabled", "male", "ethnic"}},
		{Name: viewsStep, Title: "What does the person say about it?", Fields: viewsFieldNames},
		{Name: basisStep, Title: "May it be shared?", Fields: basisFieldNames},
	})
}

func transferSteps(path string) steps.Form {
	return steps.New(path+"/transfer", "Transfer", []steps.Step{
		{Name: packStep, Title: "To which one, and what goes with it?", Fields: []string{"to", "pack", "protects", "harm"}, Short: true},
		{Name: viewsStep, Title: "What does the person say about it?", Fields: viewsFieldNames},
		{Name: basisStep, Title: "May it be shared?", Fields: basisFieldNames},
	})
}

// decisionView is a decision to share as typed.
type decisionView struct {
	Share  sharing.NewShare
	TellOn [3]string
	Errors forms.Errors
}

type referView struct {
	File     *cases.File
	Referral register.NewReferral
	Decision decisionView
	Form     steps.Form
	Maracs   []ui.SelectItem
	Said     sharing.Said
	Path     string // of a transfer
	Pack     string
	Version  string
	Errors   forms.Errors
}

// blocks are the people of the form, with an empty one to add another.
func (v referView) blocks() []register.Who {
	out := slices.DeleteFunc(slices.Clone(v.Referral.Sheet.People), func(w register.Who) bool { return w.Part == marac.Victim })
	return append(out, register.Who{})
}

// draft is the envelope that the referral will have.
func (v referView) draft() (sharing.Share, sharing.Content) {
	n := v.Referral.Share
	content := v.Referral.Preview(v.File.Actor().Name)
	content.Said = v.Said.Parts
	return sharing.Share{
		Basis: n.Basis, Agreement: v.Said.Under, Asked: n.Views.Asked, Informed: n.Views.Informed, TellOn: n.Views.TellOn, Grounds: n.Grounds, ActedNow: n.ActNow, Urgent: n.Urgent,
	}, content
}

func (p *Pages) referForm(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r, cases.Sharing)
	if err != nil {
		return nil, err
	}
	v := referView{File: f, Form: referSteps(f)}
	if v.Referral, err = p.register.Draft(ctx, f); err != nil {
		return nil, err
	}
	return p.referPage(ctx, r, v)
}

func (p *Pages) referPage(ctx context.Context, r *web.Request, v referView) (web.Response, error) {
	var err error
	if v.Maracs == nil {
		if v.Maracs, _, err = p.maracs(ctx, r.Actor); err != nil {
			return nil, err
		}
	}
	if len(v.Maracs) == 2 && v.Referral.Share.To.Agency == "" {
		v.Referral.Share.To = recipient(v.Maracs[1].Value)
	}
	if v.Form.At == steps.Check {
		if v.Said, err = p.register.Ask(ctx, v.File, v.Referral); err != nil {
			return nil, err
		}
	}
	v.Decision = decisionView{Share: v.Referral.Share, TellOn: v.Decision.TellOn, Errors: v.Errors}
	body := referBody(v)
	if v.Path != "" {
		body = transferBody(v)
	}
	return p.page(ctx, r, v.File, v.Form.Title(), body, v.Errors.Any())
}

func recipient(value string) sharing.Recipient {
	agency, team, _ := strings.Cut(value, "/")
	return sharing.Recipient{Agency: agency, Team: team}
}

func recipientValue(r sharing.Recipient) string {
	if r.Agency == "" {
		return ""
	}
	return r.Agency + "/" + r.Team
}

func date(form url.Values, name string) string {
	return forms.JoinDate(form.Get(name+"-day"), form.Get(name+"-month"), form.Get(name+"-year"))
}

// identity reads somebody from the fields that begin with a prefix.
func identity(form url.Values, prefix, given string) marac.Identity {
	get := func(name string) string { return strings.TrimSpace(form.Get(prefix + name)) }
	out := marac.Identity{
		Details:  people.Details{GivenName: strings.TrimSpace(form.Get(given)), FamilyName: get("family"), KnownAs: get("known"), Gender: get("gender"), Born: date(form, prefix+"born")},
		Relation: get("relation"), Address: get("address"), School: get("school"),
	}
	for a := range strings.SplitSeq(get("aliases"), ";") {
		if a = strings.TrimSpace(a); a != "" {
			out.Aliases = append(out.Aliases, a)
		}
	}
	return out
}

// peopleTyped bounds the people that are read from a form: a choice of this project.
const peopleTyped = 20

func readReferral(form url.Values) (register.NewReferral, [3]string) {
	var n register.NewReferral
	n.Share = sharing.Typed(form)
	n.Share.To = recipient(form.Get("to"))
	get := func(name string) string { return strings.TrimSpace(form.Get(name)) }
	a := func(name string) marac.Answer { return marac.Answer(form.Get(name)) }
	victim := register.Who{Part: marac.Victim, Identity: identity(form, "v_", "victim")}
	victim.Details.Language, victim.Details.AccessNeeds = get("v_language"), get("v_needs")
	n.Sheet.People = append(n.Sheet.People, victim)
	for i := range peopleTyped {
		prefix := "p" + strconv.Itoa(i) + "_"
		w := register.Who{Part: marac.Part(form.Get(prefix + "part")), Identity: identity(form, prefix, prefix+"given")}
		if w.Part == marac.Perpetrator || w.Part == marac.Child || w.Part == marac.Other {
			n.Sheet.People = append(n.Sheet.People, w)
		}
	}
	n.Sheet.Routes = marac.Routes{Visible: a("route_visible"), Judgement: a("route_judgement"), Escalation: a("route_escalation"), Repeat: a("route_repeat")}
	n.Sheet.Words = marac.CaseWords{
		Reason: get("why"), Evidence: map[string]string{}, Aware: aware(n.Share.Views), Views: get("view_words"), Afraid: get("afraid"), SafeTo: get("safe_to"), UnsafeTo: get("unsafe_to"),
		Contact: get("contact"), Referrer: get("referrer"),
	}
	if n.Share.Views.Asked != sharing.Agrees {
		n.Sheet.Words.Without = get("rationale")
	}
	for _, r := range register.Routes() {
		if e := get("evidence_" + string(r)); e != "" {
			n.Sheet.Words.Evidence[string(r)] = e
		}
	}
	n.Sheet.Counted = marac.Counted{BME: a("bme"), LGBT: a("lgbt"), Disabled: a("disabled"), Male: a("male")}
	n.Sheet.Ethnic, n.Sheet.Incident, n.Sheet.Crime, n.Sheet.Earlier = get("ethnic"), date(form, "incident"), a("crime"), get("earlier")
	n.Sheet.IDVA, n.Sheet.WhyNot = marac.Represented(form.Get("idva")), get("why_not")
	return n, [3]string{form.Get("tell_on-day"), form.Get("tell_on-month"), form.Get("tell_on-year")}
}

// aware is whether the person knows of the referral, as the decision to share has it.
func aware(v sharing.Views) string {
	if v.Informed == "" {
		return ""
	}
	text := v.Informed.Label()
	if v.NotTold != "" {
		text += ". " + v.NotTold
	}
	return text
}

func (p *Pages) refer(ctx context.Context, r *web.Request) (web.Response, error) {
	f, form, err := p.changed(ctx, r)
	if err != nil {
		return nil, err
	}
	v := referView{File: f, Form: referSteps(f)}
	v.Form.Read(form)
	v.Referral, v.Decision.TellOn = readReferral(form)
	v.Referral.Share.ActNow = v.Form.Urgent
	if v.Maracs, _, err = p.maracs(ctx, r.Actor); err != nil {
		return nil, err
	}
	if err := p.named(ctx, f); err != nil {
		return nil, err
	}
	if v.Form.Sends() {
		_, err := p.register.Send(ctx, f, v.Referral)
		if err == nil {
			return web.SeeOther(f.Path() + "/marac?done=referred"), nil
		}
		errs, ok := forms.AsErrors(err)
		if !ok {
			return nil, err
		}
		v.Errors = v.Form.Wrong(placed(errs, fieldOfPart))
		return p.referPage(ctx, r, v)
	}
	n := v.Referral
	n.Sheet.People = slices.Clone(n.Sheet.People)
	errs := n.Check(p.now())
	if !slices.ContainsFunc(v.Maracs, func(i ui.SelectItem) bool { return i.Value != "" && i.Value == recipientValue(n.Share.To) }) && !errs.Has("to") {
		errs.Add("to", "Select the MARAC it goes to")
	}
	v.Errors = v.Form.Move(placed(errs, fieldOfPart))
	if v.Form.At == steps.Check { // what the figures follow from is written out before it is read
		v.Referral.Sheet.Count(p.marac.Today(p.now()))
	}
	return p.referPage(ctx, r, v)
}

// named names in the ledger those of the file who may stand in what was typed.
func (p *Pages) named(ctx context.Context, f *cases.File) error {
	return p.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := p.cases.Parties(ctx, tx, f, cases.Perpetrator, cases.Child, cases.OtherParty)
		return err
	})
}

func (p *Pages) transferForm(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r, cases.Sharing)
	if err != nil {
		return nil, err
	}
	shown, err := p.register.Show(ctx, f, marac.CaseID(r.Path("marac")))
	if err != nil {
		return nil, err
	}
	path := f.Path() + "/marac/" + string(shown.Case.ID)
	v := referView{File: f, Path: path, Form: transferSteps(path), Version: strconv.FormatInt(shown.Case.Version, 10), Pack: shown.Case.Words.Decision}
	return p.transferPage(ctx, r, v)
}

func (p *Pages) transferPage(ctx context.Context, r *web.Request, v referView) (web.Response, error) {
	n, err := p.transferOf(ctx, r, v)
	if err != nil {
		return nil, err
	}
	if v.Referral, err = p.register.TransferDraft(ctx, v.File, marac.CaseID(r.Path("marac")), n); err != nil {
		return nil, err
	}
	return p.referPage(ctx, r, v)
}

// transferOf is the transfer as it was typed, from the MARAC whose case it is.
func (p *Pages) transferOf(ctx context.Context, r *web.Request, v referView) (register.NewTransfer, error) {
	names, err := p.names(ctx, r.Actor, r.Actor.Agency)
	return register.NewTransfer{Version: versionOf(v.Version), Origin: known(names[r.Actor.Agency]), Pack: v.Pack, Share: v.Referral.Share}, err
}

func (p *Pages) transfer(ctx context.Context, r *web.Request) (web.Response, error) {
	f, form, err := p.changed(ctx, r)
	if err != nil {
		return nil, err
	}
	path := f.Path() + "/marac/" + r.Path("marac")
	v := referView{File: f, Path: path, Form: transferSteps(path), Version: form.Get("version"), Pack: strings.TrimSpace(form.Get("pack"))}
	v.Form.Read(form)
	typed, tell := readReferral(form)
	v.Referral.Share, v.Decision.TellOn = typed.Share, tell
	v.Referral.Share.ActNow = v.Form.Urgent
	id := marac.CaseID(r.Path("marac"))
	n, err := p.transferOf(ctx, r, v)
	if err != nil {
		return nil, err
	}
	if v.Form.Sends() {
		_, err := p.register.Transfer(ctx, f, id, n)
		if err == nil {
			return web.SeeOther(path + "?done=transferred"), nil
		}
		errs, ok := forms.AsErrors(err)
		if !ok {
			return nil, err
		}
		v.Errors = v.Form.Wrong(placed(errs, fieldOfPack))
		return p.transferPage(ctx, r, v)
	}
	draft, err := p.register.TransferDraft(ctx, f, id, n)
	if err != nil {
		return nil, err
	}
	v.Errors = v.Form.Move(placed(n.Check(draft, p.now()), fieldOfPack))
	return p.transferPage(ctx, r, v)
}

// fieldOfPart is where what goes in a part of the share is typed.
func fieldOfPart(part string) string {
	switch sharing.ItemKind(part) {
	case sharing.RiskItem, sharing.ChildrenItem, "people":
		return "p0_part"
	case sharing.SafetyItem:
		return "afraid"
	case sharing.SaidItem:
		return "view_words"
	case sharing.NeedsItem:
		return "ethnic"
	case sharing.WhyItem, sharing.ContactItem, sharing.NewsItem:
	}
	return part
}

// fieldOfPack is where what goes with a transfer is typed: of what was referred
// nothing is typed anew.
func fieldOfPack(part string) string {
	if slices.Contains(sharing.ItemKinds(), sharing.ItemKind(part)) {
		return "pack"
	}
	return part
}

// placed has what is wrong beside the field in which it was typed.
func placed(errs forms.Errors, field func(string) string) forms.Errors {
	var out forms.Errors
	for _, e := range errs {
		out.Add(field(e.Field), e.Message)
	}
	return out
}
