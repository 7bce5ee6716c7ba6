package research

import (
	"context"
	"database/sql"
	"log/slog"
	"slices"
	"strings"

	questioncontent "waymark/content/questions"
	"waymark/internal/casework/cases"
	"waymark/internal/casework/marac/research/researchdb"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
	"waymark/internal/registers/agreements"
)

// Entry is an entry of the agency's own chronology that somebody picked.
type Entry struct {
	ID   cases.EventID
	Kind cases.EventKind
	On   string // YYYY-MM-DD or less
	Text string
}

// Draft is what was found so far. It is the agency's own: nothing of it has left.
type Draft struct {
	Set     string            `json:",omitempty"` // the question set, url|version
	People  []Known           `json:",omitempty"` // of each person of the line, in their order
	Said    map[string]string `json:",omitempty"` // by question
	Entries []Entry           `json:",omitempty"`
	Why     string            `json:",omitempty"` // why it cannot be said
}

// LogValue implements [slog.LogValuer].
func (Draft) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// says tells whether something was written down.
func (d Draft) says() bool { return len(d.Said) > 0 || len(d.Entries) > 0 }

func (d *Draft) know(nth int, k Known) {
	for len(d.People) <= nth {
		d.People = append(d.People, "")
	}
	d.People[nth] = k
}

// Of is what is known of one of the people.
func (d Draft) Of(nth int) Known {
	if nth < len(d.People) {
		return d.People[nth]
	}
	return ""
}

// codes by which a question says which kinds of information its answer is counted
// among, and whom it is about.
const (
	informationCodes = "https://waymark.invalid/codes/information"
	aboutCodes       = "https://waymark.invalid/codes/about"
)

// kindsOf are the kinds of information of a question, and whom it is about. A question
// that does not say is of no kind: the agreements say nothing of it, and nobody who
// works with people who harm is shown it.
func kindsOf(i *forms.Item) (kinds []agreements.Kind, about agreements.Subject) {
	about = agreements.Experiencing
	for _, c := range i.Codes {
		switch {
		case c.System == informationCodes && slices.Contains(agreements.Kinds(), agreements.Kind(c.Code)):
			kinds = append(kinds, agreements.Kind(c.Code))
		case c.System == aboutCodes && slices.Contains(agreements.Subjects(), agreements.Subject(c.Code)):
			about = agreements.Subject(c.Code)
		}
	}
	return kinds, about
}

// set is the question set that is asked now.
var set = func() string {
	q, err := forms.ParseQuestionnaire(questioncontent.MaracResearch)
	if err != nil {
		panic("the question set of research: " + err.Error())
	}
	return q.Canonical()
}()

// Form is the question set of a draft, or the one that is asked now.
func (s *Service) Form(ctx context.Context, tx *store.Tx, d Draft) (*forms.Questionnaire, error) {
	name := d.Set
	if name == "" {
		name = set
	}
	l, err := s.questions.Load(ctx, tx, name)
	return l.Form, err
}

// textMax bounds one answer, entriesMost what is picked from a chronology.
const textMax, entriesMost, offeredMost = 4000, 20, 60

// offered tells whether entries of a kind can be picked: what is about the work itself,
// about the rights of the person and about other shares cannot.
func offered(e cases.Event) bool {
	if e.Source != "" || e.Struck || e.Text == "" { // what another agency said is theirs to say
		return false
	}
	switch e.Kind.Topic() {
	case cases.TopicAsked, cases.TopicSafety, cases.TopicContact, cases.TopicSupport:
		return e.Kind != cases.AddressGuarded
	case cases.TopicNotes:
		return e.Kind == cases.Note
	case cases.TopicSharing, cases.TopicRequests, cases.TopicFile:
	}
	return false
}

// The entries that are about risk, about courts, and about having spoken with somebody.
var (
	ofRisk   = []cases.EventKind{cases.RiskIdentified, cases.RiskFollowedUp, cases.HighRisk, cases.MARACRoute}
	ofCourts = []cases.EventKind{cases.HearingListed, cases.HearingEnded, cases.OrderRecorded, cases.OrderServed, cases.OrderChanged}
	ofSpeech = []cases.EventKind{cases.ContactMade, cases.ContactRecorded, cases.EnquiryMade, cases.Disclosed}
)

// entryKinds is which kinds of information an entry is counted among: the more guarded
// one where it could be either.
func entryKinds(k cases.EventKind) []agreements.Kind {
	switch {
	case slices.Contains(ofRisk, k):
		return []agreements.Kind{agreements.Risk}
	case slices.Contains(ofCourts, k):
		return []agreements.Kind{agreements.Orders}
	}
	switch k.Topic() {
	case cases.TopicAsked:
		return []agreements.Kind{agreements.OwnAccount}
	case cases.TopicContact:
		return []agreements.Kind{agreements.SafeContact}
	case cases.TopicSupport:
		return []agreements.Kind{agreements.Wishes}
	case cases.TopicSafety, cases.TopicNotes, cases.TopicSharing, cases.TopicRequests, cases.TopicFile:
	}
	return []agreements.Kind{agreements.OwnAccount, agreements.Safety}
}

// Source is what the agency's own file has for a return.
type Source struct {
	File    *cases.File
	Entries []Entry           // that can be picked, the newest first
	Fill    map[string]string // what the questions could begin with; it leaves only once it is saved
}

// FileOf opens the agency's own file that a line was found in; nil where it was found
// in none.
func (s *Service) FileOf(ctx context.Context, l *Line) (*cases.File, error) {
	if l.File == "" {
		return nil, nil
	}
	return s.cases.Open(ctx, l.Actor(), l.File, cases.Sharing)
}

// From reads what the file has. What is kept apart is left out of it.
func (s *Service) From(ctx context.Context, f *cases.File) (Source, error) {
	out := Source{File: f, Fill: map[string]string{}}
	err := s.read(ctx, func(ctx context.Context, tx *store.Tx) error {
		guards, err := s.cases.Guards(ctx, tx, f)
		if err != nil {
			return err
		}
		list, err := s.cases.Entries(ctx, tx, f, cases.Extract{}, offeredMost)
		if err != nil {
			return err
		}
		last := ""
		var risk, orders []string
		for _, e := range list {
			text, cut := guards.Without(e.Text)
			if !offered(e) || text == "" {
				continue
			}
			if cut {
				e.Text = text
			}
			out.Entries = append(out.Entries, Entry{ID: e.ID, Kind: e.Kind, On: e.On, Text: e.Text})
			day := cases.DayInWords(e.On)
			if last == "" && slices.Contains(ofSpeech, e.Kind) {
				last = day
			}
			if slices.Contains(ofRisk, e.Kind) {
				risk = append(risk, day+": "+e.Text)
			}
			if slices.Contains(ofCourts, e.Kind) {
				orders = append(orders, day+": "+e.Text)
			}
		}
		fill := func(question string, lines ...string) {
			if text := strings.Join(lines, "\n"); text != "" && len(text) <= textMax {
				out.Fill[question] = text
			}
		}
		began := "In contact since " + f.Opened().In(s.zone).Format("2 January 2006") + "."
		if last != "" {
			began += " Last on " + last + "."
		}
		fill("contact", began)
		fill("raises", risk...)
		fill("orders", orders...)
		return nil
	})
	return out, err
}

// Answering is what a worker writes down about one line.
type Answering struct {
	Answer  Known
	People  []Known
	Said    map[string]string
	Entries []cases.EventID // picked, one by one
	Why     string
}

// Answer keeps what was found about one line. It stays with the agency until it is
// released. It returns forms.Errors by the fields answer, why, entries and the
// questions, and [store.ErrConflict].
func (s *Service) Answer(ctx context.Context, l *Line, a Answering) error {
	permit, err := s.judge(ctx, l, ActAnswer)
	if err != nil {
		return err
	}
	f, err := s.FileOf(ctx, l)
	if err != nil {
		return err
	}
	var src Source
	if f != nil && len(a.Entries) > 0 {
		if src, err = s.From(ctx, f); err != nil {
			return err
		}
	}
	return s.cases.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		form, err := s.Form(ctx, tx, l.Draft)
		if err != nil {
			return err
		}
		d, errs := a.draft(form, len(l.Who), src)
		if errs.Any() {
			return errs
		}
		l.Draft = d
		if a.Answer != IsKnown { // whoever is not known is in no file
			l.File = ""
		}
		if err := s.keep(ctx, tx, l, a.Answer); err != nil {
			return err
		}
		return permit.Append(tx, ActAnswer, string(a.Answer), l.subjects()...)
	})
}

// draft is what was written down, checked.
func (a Answering) draft(form *forms.Questionnaire, people int, src Source) (Draft, forms.Errors) {
	var errs forms.Errors
	d := Draft{Set: form.Canonical()}
	if !slices.Contains(Answers(), a.Answer) {
		errs.Add("answer", "Select whether they are known to you")
	}
	for nth := range people {
		k := Known("")
		if nth < len(a.People) && (a.People[nth] == "" || slices.Contains(Answers(), a.People[nth])) {
			k = a.People[nth]
		}
		d.know(nth, k)
	}
	if d.Why = strings.TrimSpace(a.Why); len(d.Why) > textMax {
		errs.Add("why", "Shorten this to 4,000 characters or fewer")
	}
	if a.Answer == Cannot && d.Why == "" {
		errs.Add("why", "Enter why it cannot be said, such as a record that you may not open, or that you could not look in time")
	}
	if a.Answer != IsKnown {
		return d, errs
	}
	d.Said = map[string]string{}
	for i := range form.Questions() {
		text := strings.TrimSpace(a.Said[i.LinkID])
		if len(text) > textMax {
			errs.Add("q-"+i.LinkID, "Shorten this to 4,000 characters or fewer")
		}
		if text != "" {
			d.Said[i.LinkID] = text
		}
	}
	if len(a.Entries) > entriesMost {
		errs.Add("entries", "Select 20 entries or fewer: the meeting has a quarter of an hour for a case")
	}
	for _, e := range src.Entries {
		if slices.Contains(a.Entries, e.ID) {
			d.Entries = append(d.Entries, e)
		}
	}
	if !d.says() && !errs.Any() {
		errs.Add("answer", "Enter what the meeting should know. If it is no more than that they are known to you, say when you were last in contact")
	}
	return d, errs
}

// NothingKnown keeps that nothing is known about several lines at once.
func (s *Service) NothingKnown(ctx context.Context, lines []*Line) error {
	for _, l := range lines {
		if _, err := s.judge(ctx, l, ActAnswer); err != nil {
			return err
		}
	}
	if len(lines) == 0 {
		return forms.Errors{{Field: "lines", Message: "Tick the cases about which nothing is known"}}
	}
	return s.cases.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, l := range lines {
			l.File, l.Draft = "", Draft{Set: set}
			for nth := range l.Who {
				l.Draft.know(nth, Nothing)
			}
			if err := s.keep(ctx, tx, l, Nothing); err != nil {
				return err
			}
			if err := l.permit.Append(tx, ActAnswer, string(Nothing), l.subjects()...); err != nil {
				return err
			}
		}
		return nil
	})
}

// keep writes the draft of a line.
func (s *Service) keep(ctx context.Context, tx *store.Tx, l *Line, answer Known) error {
	sealed, err := tx.Vault().SealJSON(ctx, tx, place(l.agency, "marac_ask", "draft_sealed", string(l.ID)), l.Draft)
	if err != nil {
		return err
	}
	err = store.Changed(researchdb.New(tx).SetDraft(ctx, researchdb.SetDraftParams{
		AgencyID: l.agency, ID: string(l.ID), Draft: string(answer), DraftedAt: sql.NullTime{Time: tx.Now(), Valid: true}, DraftedBy: l.Actor().Account,
		FileID: string(l.File), DraftSealed: sealed.Bytes(), Version: l.Version,
	}))
	if err != nil {
		return err
	}
	l.Row.Draft, l.Version = answer, l.Version+1
	return nil
}
