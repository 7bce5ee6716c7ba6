package letters

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/letters/lettersdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// TextID names a version of a text that an agency words itself.
type TextID string

func (id TextID) subject() audit.Subject { return audit.Subject{Kind: "letter_text", ID: string(id)} }

// TextState is where a version of a text stands.
type TextState string

// The states. Only what is approved is offered.
const (
	Proposed    TextState = "proposed"
	Approved    TextState = "approved"
	NotApproved TextState = "refused"
	Retired     TextState = "retired"
)

// Label is the state in words for people.
func (s TextState) Label() string {
	switch s {
	case Proposed:
		return "Waits for a manager"
	case Approved:
		return "In use"
	case NotApproved:
		return "Not approved"
	case Retired:
		return "Retired"
	}
	return string(s)
}

// TextWords are what a text says.
type TextWords struct {
	Title   string `json:"title"`
	Subject string `json:"subject,omitempty"`
	Body    string `json:"body"`
	Why     string `json:"why,omitempty"` // it was not approved, or retired
}

// OwnText is a version of a text that an agency words itself.
type OwnText struct {
	ID        TextID
	Root      TextID
	Number    int64
	State     TextState
	Ways      []Way
	Words     TextWords
	MadeAt    time.Time
	MadeBy    string // account
	DecidedAt time.Time
	DecidedBy string
}

// template is the text to begin a letter with.
func (o OwnText) template() Template {
	return Template{Code: string(o.ID), Title: o.Words.Title, Ways: o.Ways, Subject: o.Words.Subject, Body: o.Words.Body}
}

const (
	titleMost = 80
	textsMost = 200
)

// Check returns what is wrong with a text, by the fields title, ways, subject,
// body. What holds for the texts that ship holds for it, too: it says nowhere
// what the service is for, and names no place.
func (o OwnText) Check() forms.Errors {
	var errs forms.Errors
	title, body := strings.TrimSpace(o.Words.Title), strings.TrimSpace(o.Words.Body)
	switch {
	case title == "":
		errs.Add("title", "Write what it is called in the list")
	case len(title) > titleMost:
		errs.Add("title", "Shorten this to 80 characters or fewer")
	}
	known := len(o.Ways) > 0
	for _, w := range o.Ways {
		known = known && slices.Contains(Ways(), w)
	}
	if !known {
		errs.Add("ways", "Select at least one way")
	}
	onlyText := known && !slices.ContainsFunc(o.Ways, func(w Way) bool { return w != Text })
	if !onlyText && strings.TrimSpace(o.Words.Subject) == "" {
		errs.Add("subject", "Write a subject that says nothing to anybody else, such as “Your time on [day]”")
	}
	for field, text := range map[string]string{"subject": o.Words.Subject, "body": o.Words.Body} {
		if told := cases.TellsTopic(text); told != "" {
			errs.Add(field, "Leave out “"+told+"”: it says what the service is for")
		} else if people.TellsPlace(text) {
			errs.Add(field, "Leave out the postcode: write [place], to be filled in")
		}
	}
	switch {
	case body == "":
		errs.Add("body", "Write the text")
	case len(o.Words.Body) > bodyMost:
		errs.Add("body", "Shorten this to 8,000 characters or fewer")
	case slices.Contains(o.Ways, Text) && len(body) > textMost:
		errs.Add("body", "Shorten the message to 300 characters or fewer, or leave text messages out")
	}
	if len(o.Words.Subject) > subjectMost {
		errs.Add("subject", "Shorten the subject to 150 characters or fewer")
	}
	return errs
}

func desk(actor policy.Actor) policy.Resource {
	return policy.Resource{Type: "Caseload", ID: actor.Agency, Attrs: policy.Attrs{"agency": actor.Agency}}
}

// judgeText judges an act on a text. To another agency it is not there, like one
// that never was, and trying is recorded.
func (s *Service) judgeText(ctx context.Context, actor policy.Actor, action policy.Action, id TextID) (audit.Permit, error) {
	whose := ""
	err := s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		whose, err = lettersdb.New(tx).TextAgency(ctx, string(id))
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	if err != nil {
		return audit.Permit{}, err
	}
	return s.guard.Act(ctx, actor, action, policy.Resource{Type: "Caseload", ID: whose, Attrs: policy.Attrs{"agency": whose}}, false, id.subject())
}

func textPlace(agency string, id TextID) store.Place {
	return store.Place{Agency: agency, Table: "letter_text", Column: "words", Row: string(id)}
}

// Propose keeps a text that an agency words itself, or with a root another
// version of one. It is offered when a manager has approved it.
func (s *Service) Propose(ctx context.Context, actor policy.Actor, o OwnText) (TextID, error) {
	permit, err := s.guard.Act(ctx, actor, ActWord, desk(actor), true)
	if err != nil {
		return "", err
	}
	if errs := o.Check(); errs.Any() {
		return "", errs
	}
	var id string
	err = s.cases.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		q := lettersdb.New(tx)
		if id, err = tx.NewID(); err != nil {
			return err
		}
		number := int64(1)
		if o.Root == "" {
			o.Root = TextID(id)
		} else {
			last, err := q.LastOfText(ctx, lettersdb.LastOfTextParams{AgencyID: actor.Agency, RootID: string(o.Root)})
			if err != nil {
				return err
			}
			if last == 0 {
				return store.ErrNotFound
			}
			number = last + 1
		}
		words := TextWords{Title: strings.TrimSpace(o.Words.Title), Subject: strings.TrimSpace(o.Words.Subject), Body: strings.TrimSpace(o.Words.Body)}
		sealed, err := tx.Vault().SealJSON(ctx, tx, textPlace(actor.Agency, TextID(id)), words)
		if err != nil {
			return err
		}
		err = store.Changed(q.InsertText(ctx, lettersdb.InsertTextParams{
			AgencyID: actor.Agency, ID: id, RootID: string(o.Root), Number: number, State: string(Proposed), Ways: joined(o.Ways), Words: sealed.Bytes(),
			MadeAt: tx.Now(), MadeBy: actor.Account,
		}))
		if err != nil {
			return err
		}
		return permit.Append(tx, ActWord, "", TextID(id).subject())
	})
	return TextID(id), err
}

// Decide approves a text, does not approve it, or retires it. Whoever worded it
// does not decide about it. Approving a version retires the one before.
func (s *Service) Decide(ctx context.Context, actor policy.Actor, id TextID, state TextState, why string) error {
	permit, err := s.judgeText(ctx, actor, ActApprove, id)
	if err != nil {
		return err
	}
	var errs forms.Errors
	switch {
	case state != Approved && state != NotApproved && state != Retired:
		errs.Add("state", "Select what you decide")
	case state != Approved && strings.TrimSpace(why) == "":
		errs.Add("why", "Write why")
	case len(why) > 2000:
		errs.Add("why", "Shorten this to 2,000 characters or fewer")
	}
	if errs.Any() {
		return errs
	}
	return s.cases.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		o, err := s.text(ctx, tx, actor.Agency, id)
		if err != nil {
			return err
		}
		if o.State != Proposed && (o.State != Approved || state != Retired) {
			return store.ErrConflict // it is decided
		}
		if o.State == Proposed && state == Retired {
			state = NotApproved
		}
		if state == Approved && o.MadeBy == actor.Account {
			return forms.Errors{{Field: "state", Message: "Somebody else approves it: these words are yours"}}
		}
		o.Words.Why = strings.TrimSpace(why)
		sealed, err := tx.Vault().SealJSON(ctx, tx, textPlace(actor.Agency, id), o.Words)
		if err != nil {
			return err
		}
		q, now := lettersdb.New(tx), sql.NullTime{Time: tx.Now(), Valid: true}
		err = store.Changed(q.DecideText(ctx, lettersdb.DecideTextParams{
			AgencyID: actor.Agency, ID: string(id), State: string(o.State), State_2: string(state), Words: sealed.Bytes(), DecidedAt: now, DecidedBy: actor.Account,
		}))
		if err != nil {
			return err
		}
		if state == Approved {
			if err := q.RetireOthers(ctx, lettersdb.RetireOthersParams{AgencyID: actor.Agency, RootID: string(o.Root), ID: string(id), DecidedAt: now, DecidedBy: actor.Account}); err != nil {
				return err
			}
		}
		return permit.Append(tx, ActApprove, string(state), id.subject())
	})
}

// Texts are the texts that the actor's agency words itself, in all their
// versions, the newest first.
func (s *Service) Texts(ctx context.Context, actor policy.Actor) ([]OwnText, error) {
	if _, err := s.guard.Act(ctx, actor, ActWord, desk(actor), true); err != nil {
		return nil, err
	}
	var out []OwnText
	err := s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := lettersdb.New(tx).Texts(ctx, lettersdb.TextsParams{AgencyID: actor.Agency, Limit: textsMost})
		if err != nil {
			return err
		}
		out, err = texts(ctx, tx, rows)
		return err
	})
	return out, err
}

// Text is one version of a text of the actor's agency.
func (s *Service) Text(ctx context.Context, actor policy.Actor, id TextID) (o OwnText, err error) {
	if _, err := s.judgeText(ctx, actor, ActWord, id); err != nil {
		return OwnText{}, err
	}
	err = s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		o, err = s.text(ctx, tx, actor.Agency, id)
		return err
	})
	return o, err
}

// MayDecide tells whether the actor decides about texts, for pages that offer it.
func (s *Service) MayDecide(actor policy.Actor) bool {
	return s.guard.Rules().Decide(actor, ActApprove, desk(actor)).Allowed
}

func (s *Service) text(ctx context.Context, tx *store.Tx, agency string, id TextID) (OwnText, error) {
	row, err := lettersdb.New(tx).TextByID(ctx, lettersdb.TextByIDParams{AgencyID: agency, ID: string(id)})
	if errors.Is(err, sql.ErrNoRows) {
		return OwnText{}, store.ErrNotFound
	}
	if err != nil {
		return OwnText{}, err
	}
	return textOf(ctx, tx, row)
}

func textOf(ctx context.Context, tx *store.Tx, row lettersdb.LetterText) (OwnText, error) {
	o := OwnText{
		ID: TextID(row.ID), Root: TextID(row.RootID), Number: row.Number, State: TextState(row.State), MadeAt: row.MadeAt, MadeBy: row.MadeBy,
		DecidedAt: row.DecidedAt.Time, DecidedBy: row.DecidedBy,
	}
	for w := range strings.SplitSeq(row.Ways, ",") {
		o.Ways = append(o.Ways, Way(w))
	}
	return o, tx.Vault().OpenJSON(ctx, tx, textPlace(row.AgencyID, o.ID), row.Words, &o.Words)
}

func texts(ctx context.Context, tx *store.Tx, rows []lettersdb.LetterText) ([]OwnText, error) {
	out := make([]OwnText, len(rows))
	for i, row := range rows {
		var err error
		if out[i], err = textOf(ctx, tx, row); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func joined(ways []Way) string {
	out := make([]string, len(ways))
	for i, w := range ways {
		out[i] = string(w)
	}
	return strings.Join(out, ",")
}

// Offered are the texts to begin a letter with: those that ship, and those of
// the agency that are in use.
func (s *Service) Offered(ctx context.Context, f *cases.File) ([]Template, error) {
	out := s.Templates()
	err := s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		if !f.Permit().Valid() {
			return audit.ErrNoPermit
		}
		rows, err := lettersdb.New(tx).TextsInUse(ctx, lettersdb.TextsInUseParams{AgencyID: f.Agency(), Limit: textsMost})
		if err != nil {
			return err
		}
		own, err := texts(ctx, tx, rows)
		for _, o := range own {
			out = append(out, o.template())
		}
		return err
	})
	return out, err
}

// Find is the text with a code that can begin a letter in a file: one that
// ships, or one of the agency that is in use. It returns [store.ErrNotFound].
func (s *Service) Find(ctx context.Context, f *cases.File, code string) (t Template, err error) {
	err = s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		t, err = s.find(ctx, tx, f, code)
		return err
	})
	return t, err
}

func (s *Service) find(ctx context.Context, tx *store.Tx, f *cases.File, code string) (Template, error) {
	if t := s.Template(code); t.Code != "" {
		return t, nil
	}
	if !f.Permit().Valid() {
		return Template{}, audit.ErrNoPermit
	}
	o, err := s.text(ctx, tx, f.Agency(), TextID(code))
	if err == nil && o.State != Approved {
		err = store.ErrNotFound
	}
	if err != nil {
		return Template{}, err
	}
	return o.template(), nil
}
