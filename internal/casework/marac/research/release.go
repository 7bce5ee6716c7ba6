package research

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/research/researchdb"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/agreements"
	"waymark/internal/registers/directory"
)

// ReturnID names a return.
type ReturnID string

// Subject is the return in a ledger entry.
func (id ReturnID) Subject() audit.Subject {
	return audit.Subject{Kind: "marac_return", ID: string(id)}
}

// Item is one thing that a return tells.
type Item struct {
	Part  string // the question; "entry" for one of the chronology
	Label string
	On    string `json:",omitempty"` // of an entry: the day
	Text  string
	Kinds []agreements.Kind  // what it is counted among
	About agreements.Subject // whom it is about
}

const entryPart = "entry"

// PersonAnswer is what is known of one of the people of a case.
type PersonAnswer struct {
	Nth    int // their place on the line
	Part   marac.Part
	Answer Known
}

// Content is what a return says, as a copy has it.
type Content struct {
	Answer    Known
	Sender    string // the worker who released it, by name
	Set       string `json:",omitempty"` // the question set
	People    []PersonAnswer
	Items     []Item
	Why       string `json:",omitempty"` // why it cannot be said
	Rationale string `json:",omitempty"`
	Override  string `json:",omitempty"` // of the sender's copy alone
}

// LogValue implements [slog.LogValuer].
func (Content) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// For is a return as an agency reads it: whole for those that may be told where the
// person harmed is, and for others what may be shown beside the person who harms.
// They are not told who is known to whom but for whoever harms, or why it cannot be
// said. seen is false when there is nothing for them in it.
func (c Content) For(reach bool) (out Content, seen bool) {
	if reach {
		return c, true
	}
	out = Content{Answer: c.Answer, Sender: c.Sender, Set: c.Set}
	for _, i := range c.Items {
		if i.beside() {
			out.Items = append(out.Items, i)
		}
	}
	for _, p := range c.People {
		if p.Part == marac.Perpetrator && p.Answer != "" {
			out.People = append(out.People, p)
		}
	}
	return out, len(out.Items) > 0
}

// Leaving is what leaves about one line, and what stands against it.
type Leaving struct {
	Line    *Line
	Content Content
	Said    Said
	Guarded []string // parts in which an address or a number stands that is kept apart
	file    *cases.File
}

// Said is what the agreements in force say of it.
type Said struct {
	None  bool // there is no agreement between the two
	Under string
	Parts []sharing.PartAnswer
}

// Held are the parts that do not leave without a reason.
func (s Said) Held() []sharing.PartAnswer {
	return slices.DeleteFunc(slices.Clone(s.Parts), func(p sharing.PartAnswer) bool { return p.Effect == agreements.Permit })
}

// Release is what is sent at once, as the worker decided it.
type Release struct {
	Lines     []AskID
	Print     string // of what they looked at: what leaves is that and nothing else
	Basis     sharing.Basis
	Rationale string
	Override  string // why what the agreements hold back leaves all the same
	ActNow    bool   // without the basis and in spite of what is held back: the key contact looks at it
}

// Packet is what would leave, to be looked at.
type Packet struct {
	Leaving []Leaving
	Print   string
}

// Known tells whether anything is said of anybody.
func (p Packet) Known() bool {
	return slices.ContainsFunc(p.Leaving, func(l Leaving) bool { return l.Content.Answer == IsKnown })
}

// Held tells whether the agreements hold anything of it back.
func (p Packet) Held() bool {
	return slices.ContainsFunc(p.Leaving, func(l Leaving) bool { return len(l.Said.Held()) > 0 })
}

// Preview is exactly what leaves when the lines of a meeting are released that have a
// draft, or those of them that are named.
func (s *Service) Preview(ctx context.Context, actor policy.Actor, meeting marac.MeetingID, named []AskID) (Packet, error) {
	lines, err := s.Names(ctx, actor, meeting)
	if err != nil {
		return Packet{}, err
	}
	var out Packet
	for _, l := range lines {
		if l.Row.Draft == "" || len(named) > 0 && !slices.Contains(named, l.ID) {
			continue
		}
		f, err := s.FileOf(ctx, l)
		if err != nil {
			return Packet{}, err
		}
		out.Leaving = append(out.Leaving, Leaving{Line: l, file: f})
	}
	err = s.read(ctx, func(ctx context.Context, tx *store.Tx) error { return s.fill(ctx, tx, &out) })
	return out, err
}

// fill writes what leaves, and what the agreements say of it.
func (s *Service) fill(ctx context.Context, tx *store.Tx, p *Packet) error {
	var between *agreements.Set
	if s.agreements != nil {
		var err error
		if between, err = s.agreements.InForce(ctx, tx); err != nil {
			return err
		}
	}
	h := sha256.New()
	for i := range p.Leaving {
		v := &p.Leaving[i]
		form, err := s.Form(ctx, tx, v.Line.Draft)
		if err != nil {
			return err
		}
		v.Content = compose(v.Line, form)
		v.Said = s.say(between, v)
		if v.file != nil {
			guards, err := s.cases.Guards(ctx, tx, v.file)
			if err != nil {
				return err
			}
			v.Guarded = nil
			for _, item := range v.Content.Items {
				if guards.Tell(item.Text) && !slices.Contains(v.Guarded, item.Label) {
					v.Guarded = append(v.Guarded, item.Label)
				}
			}
		}
		text, err := json.Marshal([]any{v.Line.ID, v.Line.Version, v.Content})
		if err != nil {
			return err
		}
		h.Write(text)
	}
	p.Print = hex.EncodeToString(h.Sum(nil)[:16])
	return nil
}

// compose is what a draft says to the meeting: what was written and picked, and
// nothing else of the line or of the file.
func compose(l *Line, form *forms.Questionnaire) Content {
	d := l.Draft
	out := Content{Answer: l.Row.Draft, Sender: l.Actor().Name, Set: d.Set}
	for nth, p := range l.Who {
		if k := d.Of(nth); k != "" {
			out.People = append(out.People, PersonAnswer{Nth: nth, Part: p.Part, Answer: k})
		}
	}
	if out.Answer == Cannot {
		out.Why = d.Why
	}
	if out.Answer != IsKnown {
		return out
	}
	for q := range form.Questions() {
		if text := d.Said[q.LinkID]; text != "" {
			kinds, about := kindsOf(q)
			out.Items = append(out.Items, Item{Part: q.LinkID, Label: q.Text, Text: text, Kinds: kinds, About: about})
		}
	}
	for _, e := range d.Entries {
		out.Items = append(out.Items, Item{Part: entryPart, Label: e.Kind.Label(), On: e.On, Text: e.Text, Kinds: entryKinds(e.Kind), About: agreements.Experiencing})
	}
	return out
}

// say asks the agreements in force about what is said of somebody. That nothing is
// known, or that it cannot be said, tells nothing of anybody.
func (s *Service) say(set *agreements.Set, v *Leaving) Said {
	out := Said{Under: string(sharing.NoAgreement)}
	if v.Content.Answer != IsKnown || set == nil {
		return out
	}
	actor := v.Line.Actor()
	q := agreements.Request{
		From:    agreements.End{Agency: directory.AgencyID(v.Line.agency), Roles: actor.Roles},
		To:      agreements.End{Agency: directory.AgencyID(v.Line.Marac)},
		Purpose: agreements.ProtectAdult, Facts: []agreements.Condition{agreements.SeriousRisk}, // who is listed at a MARAC was found to be at serious risk
	}
	for _, t := range actor.Teams {
		q.From.Teams = append(q.From.Teams, directory.TeamID(t))
	}
	var under []string
	for _, b := range set.Bound() {
		_, from := b.Document.Party(q.From.Agency)
		_, to := b.Document.Party(q.To.Agency)
		if from && to {
			under = append(under, string(b.Agreement)+"/"+strconv.Itoa(b.Version))
		}
	}
	if len(under) == 0 {
		out.None = true
		return out
	}
	out.Under = strings.Join(under, ",")
	for _, item := range v.Content.Items {
		q.Kinds, q.Subject = item.Kinds, item.About
		a := agreements.Decide(set, q)
		p := sharing.PartAnswer{Part: item.Label, Effect: a.Effect, Missing: len(a.Clauses) == 0, Clauses: a.Clauses}
		for _, b := range set.Bound() {
			for _, ref := range a.Clauses {
				if c, is := b.Document.Clause(ref.Clause); is && b.Agreement == ref.Agreement && b.Version == ref.Version {
					p.Words = append(p.Words, c.Words)
				}
			}
		}
		out.Parts = append(out.Parts, p)
	}
	return out
}

// Check says what is missing in a release, by field.
func (r Release) check(p Packet) forms.Errors {
	var errs forms.Errors
	switch {
	case len(p.Leaving) == 0:
		errs.Add("lines", "Write down what you found first. Nothing is ready to be sent")
	case r.Print != p.Print:
		errs.Add("lines", "Something changed since you looked at this. Look at it again before you send it")
	}
	for _, f := range []struct{ field, text string }{{"rationale", r.Rationale}, {"override", r.Override}} {
		if len(f.text) > textMax {
			errs.Add(f.field, "Shorten this to 4,000 characters or fewer")
		}
	}
	if r.ActNow {
		return errs
	}
	if p.Known() {
		if !slices.Contains(sharing.Bases(), r.Basis) {
			errs.Add("basis", "Select the lawful basis. If there is no time to settle it, choose to act now")
		}
		if r.Rationale == "" {
			errs.Add("rationale", "Enter why it is needed, and why this much. If there is no time, choose to act now")
		}
	}
	if p.Held() && r.Override == "" {
		errs.Add("override", "Enter why it leaves all the same, or take out what may not go")
	}
	for _, l := range p.Leaving {
		if len(l.Guarded) > 0 {
			errs.Add("lines", "Take the address or number that is kept apart out of what you say about case "+l.Line.Number+": "+strings.Join(l.Guarded, ", "))
		}
	}
	return errs
}

// Release sends what was drafted for several lines at once, exactly as it was looked
// at. From here on none of it changes. It returns its number and forms.Errors by the
// fields lines, basis, rationale and override.
func (s *Service) Release(ctx context.Context, actor policy.Actor, meeting marac.MeetingID, r Release) (string, error) {
	p, err := s.Preview(ctx, actor, meeting, r.Lines)
	if err != nil {
		return "", err
	}
	r.Rationale, r.Override = strings.TrimSpace(r.Rationale), strings.TrimSpace(r.Override)
	if errs := r.check(p); errs.Any() {
		return "", errs
	}
	permits := make([]audit.Permit, len(p.Leaving))
	for i, l := range p.Leaving {
		if permits[i], err = s.judge(ctx, l.Line, ActRelease); err != nil {
			return "", err
		}
	}
	id := ""
	err = s.cases.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if id, err = tx.NewID(); err != nil {
			return err
		}
		again := p // what the agreements and the guards say now, and not when it was looked at
		again.Leaving = slices.Clone(p.Leaving)
		if err := s.fill(ctx, tx, &again); err != nil {
			return err
		}
		if errs := r.check(again); errs.Any() {
			return errs
		}
		for i := range again.Leaving {
			if err := s.send(ctx, tx, permits[i], id, &again.Leaving[i], r); err != nil {
				return err
			}
		}
		return nil
	})
	return id, err
}

// send writes one return with both its copies, and what follows from it.
func (s *Service) send(ctx context.Context, tx *store.Tx, permit audit.Permit, release string, v *Leaving, r Release) error {
	l, known := v.Line, v.Content.Answer == IsKnown
	id, err := tx.NewID()
	if err != nil {
		return err
	}
	held := known && (v.Said.None || len(v.Said.Held()) > 0 || r.ActNow || len(v.Guarded) > 0)
	basis := ""
	if known {
		basis, v.Content.Rationale = string(r.Basis), r.Rationale
	}
	review, err := tx.Vault().Seal(ctx, tx, place(l.agency, "marac_return", "review_sealed", id), "")
	if err != nil {
		return err
	}
	q := researchdb.New(tx)
	err = q.InsertReturn(ctx, researchdb.InsertReturnParams{
		AgencyID: l.agency, ID: id, AskID: string(l.ID), ReleaseID: release, MaracID: l.Marac, MeetingID: string(l.Meeting), CaseID: string(l.Case), Answer: string(v.Content.Answer),
		FileID: string(l.File), Corrects: l.answers, Basis: basis, Agreement: v.Said.Under, Held: held, ActedNow: r.ActNow && known,
		ReleasedAt: tx.Now(), ReleasedBy: permit.Actor().Account, ReviewSealed: review.Bytes(),
	})
	if errors.Is(err, store.ErrExists) {
		return store.ErrConflict // somebody put it right at the same moment
	}
	if err != nil {
		return err
	}
	for _, agency := range []string{l.agency, l.Marac} {
		content := v.Content
		if agency == l.agency {
			content.Override = r.Override
		}
		sealed, err := tx.Vault().SealJSON(ctx, tx, place(agency, "marac_return_copy", "words_sealed", id), content)
		if err != nil {
			return err
		}
		if err := q.InsertCopy(ctx, researchdb.InsertCopyParams{AgencyID: agency, ReturnID: id, WordsSealed: sealed.Bytes()}); err != nil {
			return err
		}
	}
	err = store.Changed(q.SetAnswered(ctx, researchdb.SetAnsweredParams{
		AgencyID: l.agency, ID: string(l.ID), Answer: string(v.Content.Answer), ReturnID: id, AnsweredAt: sql.NullTime{Time: tx.Now(), Valid: true}, Version: l.Version,
	}))
	if err != nil {
		return err
	}
	if v.file != nil {
		if err := s.file(ctx, tx, v, id, held, r); err != nil {
			return err
		}
	}
	code := string(v.Content.Answer)
	if r.ActNow && known {
		code = "acted_now"
	}
	return permit.Append(tx, ActRelease, code, append(l.subjects(), ReturnID(id).Subject())...)
}

// flagMonths is how long a file says that its person is on the list of a MARAC: twelve
// months (domain.md, section 5.2, step 9).
const flagMonths = 12

// file writes into the agency's own file what left from it, and flags it.
func (s *Service) file(ctx context.Context, tx *store.Tx, v *Leaving, id string, held bool, r Release) error {
	l, today := v.Line, s.today(tx)
	text := "For case " + l.Number + ": " + strconv.Itoa(len(v.Content.Items)) + " items."
	if l.answers != "" {
		text += " It puts right what was returned before."
	}
	if _, err := s.cases.Record(ctx, tx, v.file, cases.Event{Kind: cases.ResearchReturned, On: today, Ref: id, Text: text}); err != nil {
		return err
	}
	if held {
		why := "The key contact looks at what was returned to the MARAC: no agreement binds the two agencies, or one holds it back."
		if r.ActNow {
			why = "It was returned to the MARAC at once. The key contact looks at it."
		}
		if _, err := s.cases.Record(ctx, tx, v.file, cases.Event{Kind: cases.SharedAgainst, On: today, Ref: id, Text: why}); err != nil {
			return err
		}
	}
	until := tx.Now().In(s.zone).AddDate(0, flagMonths, 0).Format(time.DateOnly)
	flag, err := tx.NewID()
	if err != nil {
		return err
	}
	err = researchdb.New(tx).InsertFlag(ctx, researchdb.InsertFlagParams{
		AgencyID: l.agency, ID: flag, FileID: string(l.File), MaracID: l.Marac, ReturnID: id, SinceOn: today, UntilOn: until, RecordedAt: tx.Now(), RecordedBy: l.Actor().Account,
	})
	if err != nil {
		return err
	}
	_, err = s.cases.Record(ctx, tx, v.file, cases.Event{Kind: cases.MARACFlagged, On: today, Ref: flag, Text: "On the list of a MARAC: the file says so until " + cases.DayInWords(until) + "."})
	return err
}
