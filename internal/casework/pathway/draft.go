package pathway

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"waymark/internal/casework/pathway/pathwaydb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// Draft is a pathway that is being worked on. Nobody follows it. All who may
// publish share the one there is.
type Draft struct {
	Document  Document
	Version   int64 // as it was read
	ChangedAt time.Time
	ChangedBy string // account or operator
	// Problems are all that keeps it from being published.
	Problems Problems
}

// Of are the problems of one step, or of the pathway as a whole for an empty id,
// in words that begin with what is wrong.
func (d Draft) Of(step string) []string {
	var out []string
	for _, p := range d.Problems {
		at, rest, _ := strings.Cut(p.At, ",")
		switch {
		case step == "" && strings.HasPrefix(p.At, "step "), step != "" && at != "step "+step:
			continue
		}
		if rest != "" {
			rest = strings.TrimSpace(rest) + ": "
		}
		out = append(out, rest+p.What)
	}
	return out
}

// Draft returns the draft of a pathway, or [store.ErrNotFound].
func (s *Service) Draft(ctx context.Context, actor policy.Actor, id string) (Draft, error) {
	if _, err := s.guard.Act(ctx, actor, ActPublish, register, true); err != nil {
		return Draft{}, err
	}
	var d Draft
	err := s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		d, err = s.draft(ctx, tx, id)
		return err
	})
	return d, err
}

func (s *Service) draft(ctx context.Context, tx *store.Tx, id string) (Draft, error) {
	row, err := pathwaydb.New(tx).Draft(ctx, id)
	if errors.Is(err, sql.ErrNoRows) {
		return Draft{}, store.ErrNotFound
	}
	if err != nil {
		return Draft{}, err
	}
	return s.drafted(row)
}

func (s *Service) drafted(row pathwaydb.PathwayDraft) (Draft, error) {
	d := Draft{Version: row.Version, ChangedAt: row.ChangedAt, ChangedBy: row.ChangedBy}
	if err := json.Unmarshal([]byte(row.Document), &d.Document); err != nil {
		return d, fmt.Errorf("the draft of pathway %s: %w", row.Pathway, err)
	}
	errors.As(d.Document.Check(s.known), &d.Problems)
	return d, nil
}

// Drafts are all that are being worked on, by id.
func (s *Service) Drafts(ctx context.Context, actor policy.Actor) ([]Draft, error) {
	if _, err := s.guard.Act(ctx, actor, ActPublish, register, true); err != nil {
		return nil, err
	}
	var out []Draft
	err := s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := pathwaydb.New(tx).Drafts(ctx)
		for _, row := range rows {
			d, err := s.drafted(row)
			if err != nil {
				return err
			}
			out = append(out, d)
		}
		return err
	})
	return out, err
}

// Begin begins a draft from the newest version of a pathway. Where one has been
// begun already, that is the one.
func (s *Service) Begin(ctx context.Context, actor policy.Actor, id string) error {
	versions, err := s.Versions(ctx, actor, id)
	if err != nil {
		return err
	}
	if err := s.begin(ctx, actor, versions[0].Document); !errors.Is(err, store.ErrExists) {
		return err
	}
	return nil
}

func (s *Service) begin(ctx context.Context, actor policy.Actor, d Document) error {
	permit, err := s.guard.Act(ctx, actor, ActPublish, register, true)
	if err != nil {
		return err
	}
	text, err := json.Marshal(d)
	if err != nil {
		return err
	}
	return s.cases.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		err := pathwaydb.New(tx).InsertDraft(ctx, pathwaydb.InsertDraftParams{Pathway: d.ID, Document: string(text), ChangedAt: tx.Now(), ChangedBy: actor.Account})
		if err != nil {
			return err
		}
		return permit.Append(tx, ActPublish, "drafted", audit.Subject{Kind: subjectKind, ID: d.ID})
	})
}

// BeginNew begins a pathway that there was not, and returns its id, which is made
// from its title. It returns [forms.Errors].
func (s *Service) BeginNew(ctx context.Context, actor policy.Actor, d Document) (string, error) {
	if errs := d.CheckAbout(s.known); errs.Any() {
		return "", errs
	}
	d.Format, d.ID, d.Steps = Format, slug(d.Title, nil), nil
	taken := forms.Errors{{Field: "title", Message: "There is a pathway with this title already. Change that one, or give this one another title"}}
	if slices.Contains(reserved, d.ID) {
		return "", taken
	}
	_, err := s.Versions(ctx, actor, d.ID)
	switch {
	case err == nil:
		return "", taken
	case !errors.Is(err, store.ErrNotFound):
		return "", err
	}
	if err := s.begin(ctx, actor, d); errors.Is(err, store.ErrExists) {
		return "", taken
	} else if err != nil {
		return "", err
	}
	return d.ID, nil
}

// Change changes a draft. It returns what change returns, and [store.ErrConflict]
// when somebody else has changed it since it was read.
func (s *Service) Change(ctx context.Context, actor policy.Actor, id string, version int64, change func(*Document) error) error {
	if _, err := s.guard.Act(ctx, actor, ActPublish, register, true); err != nil {
		return err
	}
	return s.cases.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		d, err := s.draft(ctx, tx, id)
		if err != nil {
			return err
		}
		if d.Version != version {
			return store.ErrConflict
		}
		if err := change(&d.Document); err != nil {
			return err
		}
		text, err := json.Marshal(d.Document)
		if err != nil {
			return err
		}
		if len(text) > sizeMost {
			return forms.Errors{{Field: "title", Message: fmt.Sprintf("The pathway would be larger than %d KB: shorten it", sizeMost>>10)}}
		}
		return store.Changed(pathwaydb.New(tx).ChangeDraft(ctx, pathwaydb.ChangeDraftParams{
			Pathway: id, Document: string(text), Version: version, ChangedAt: tx.Now(), ChangedBy: actor.Account,
		}))
	})
}

// PublishDraft makes a draft the version that is followed from now on, in the
// place of the one with the number after, and ends the draft. It returns
// [Problems], and [store.ErrConflict] when the draft or the pathway has changed
// since they were read.
func (s *Service) PublishDraft(ctx context.Context, actor policy.Actor, id string, version, after int64) error {
	d, err := s.Draft(ctx, actor, id)
	if err != nil {
		return err
	}
	if d.Version != version {
		return store.ErrConflict
	}
	text, err := json.MarshalIndent(d.Document, "", "  ")
	if err != nil {
		return err
	}
	if _, err := s.Publish(ctx, actor, text, after); err != nil {
		return err
	}
	// Whoever changed the draft meanwhile goes on with theirs.
	return s.cases.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := pathwaydb.New(tx).DeleteDraft(ctx, pathwaydb.DeleteDraftParams{Pathway: id, Version: version})
		return err
	})
}

// Discard ends a draft without publishing it. It returns [store.ErrNotFound] where
// there is none, and [store.ErrConflict] when it was changed since it was read.
func (s *Service) Discard(ctx context.Context, actor policy.Actor, id string, version int64) error {
	permit, err := s.guard.Act(ctx, actor, ActPublish, register, true)
	if err != nil {
		return err
	}
	return s.cases.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := s.draft(ctx, tx, id); err != nil {
			return err
		}
		if err := store.Changed(pathwaydb.New(tx).DeleteDraft(ctx, pathwaydb.DeleteDraftParams{Pathway: id, Version: version})); err != nil {
			return err
		}
		return permit.Append(tx, ActPublish, "discarded", audit.Subject{Kind: subjectKind, ID: id})
	})
}

// Known is what documents may name.
func (s *Service) Known() Known { return s.known }

// CheckAbout returns what is wrong with what a document says of itself, by the
// fields title, summary, for, settings and boxes.
func (d Document) CheckAbout(known Known) forms.Errors {
	var errs forms.Errors
	needed(&errs, "title", d.Title, "Enter a title: who is followed, and where")
	needed(&errs, "summary", d.Summary, "Enter in a few words what it is for")
	if slug(d.Title, nil) == "" && d.Title != "" {
		errs.Add("title", "Enter a title with letters")
	}
	if !slices.Contains([]For{Experiencing, Perpetrating, Child}, d.For) {
		errs.Add("for", "Select whom it is for")
	}
	if slices.ContainsFunc(d.Settings, func(s string) bool { return !slices.Contains(known.Settings, s) }) {
		errs.Add("settings", "Select settings from the list")
	}
	if len(d.Boxes) == 0 || slices.ContainsFunc(d.Boxes, func(b int) bool { return b < 1 || b > 16 }) {
		errs.Add("boxes", "Select at least one box of the guideline")
	}
	return errs
}

func needed(errs *forms.Errors, field, text, none string) {
	switch {
	case strings.TrimSpace(text) == "":
		errs.Add(field, none)
	case len(text) > wordsMost:
		errs.Add(field, fmt.Sprintf("Shorten this to %d characters or fewer", wordsMost))
	}
}

// CheckStep returns what is wrong with what a step says of itself, by field; when
// it is due is asked for on pages of its own.
func (s Step) CheckStep(known Known) forms.Errors {
	var errs forms.Errors
	needed(&errs, "title", s.Title, "Enter what is to be done")
	if len(s.Text) > wordsMost {
		errs.Add("text", fmt.Sprintf("Shorten this to %d characters or fewer", wordsMost))
	}
	if n := s.Within.Hours + s.Within.Days; n < 1 || s.Within.Days > 366 || s.Within.Hours > 24*366 {
		errs.Add("within", "Enter within how many hours or working days, a year at most")
	}
	if !slices.Contains([]Assess{"", Adults, Children}, s.Assess) {
		errs.Add("assesses", "Select whose risk it assesses, or nobody's")
	}
	if !slices.Contains(pages, s.Page) {
		errs.Add("page", "Select a page from the list")
	}
	for _, o := range s.Offers {
		if len(o) > wordsMost {
			errs.Add("services", fmt.Sprintf("Shorten each line to %d characters or fewer", wordsMost))
		}
	}
	var unknown []string
	for _, id := range s.Serves {
		if !known.Obligation(id) {
			unknown = append(unknown, id)
		}
	}
	switch {
	case len(s.Serves) == 0:
		errs.Add("obligations", "Enter the obligation that it serves, such as B8.3")
	case len(unknown) > 0:
		errs.Add("obligations", "There is no obligation "+strings.Join(unknown, ", ")+". They look like B8.3")
	}
	for _, r := range s.Follows {
		if r < 1 || r > 17 {
			errs.Add("recommendations", "Enter the numbers of recommendations, 1 to 17, with commas between")
			break
		}
	}
	return errs
}

// Pages are the pages of a case that a step can lead to.
func Pages() []string { return slices.Clone(pages[1:]) }

// Step is the step with an id, -1 for none.
func (d Document) Step(id string) int {
	return slices.IndexFunc(d.Steps, func(s Step) bool { return s.ID == id })
}

// Add adds a step at the end with an id made from its title, and returns the id.
func (d *Document) Add(s Step) (string, error) {
	if len(d.Steps) >= stepsMost {
		return "", forms.Errors{{Field: "title", Message: fmt.Sprintf("A pathway has %d steps at most", stepsMost)}}
	}
	s.ID = slug(s.Title, func(id string) bool { return d.Step(id) >= 0 })
	if s.ID == "" {
		return "", forms.Errors{{Field: "title", Message: "Enter what is to be done, with letters"}}
	}
	d.Steps = append(d.Steps, s)
	return s.ID, nil
}

var notCode = regexp.MustCompile(`[^a-z0-9]+`)

// slug is an id made from a title, with a number where that is taken; empty for a
// title without letters.
func slug(title string, taken func(id string) bool) string {
	id := strings.Trim(notCode.ReplaceAllString(strings.ToLower(title), "-"), "-")
	id = strings.TrimLeft(id, "0123456789-")
	if len(id) > 50 {
		id = strings.TrimRight(id[:50], "-")
	}
	if id == "" || taken == nil {
		return id
	}
	for n, base := 2, id; taken(id); n++ {
		id = fmt.Sprintf("%s-%d", base, n)
	}
	return id
}
