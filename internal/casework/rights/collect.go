package rights

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/rights/rightsdb"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

const tableItem = "subject_access_item"

// content is the sealed part of an item.
type content struct {
	Title string      `json:"title"`
	Lines []string    `json:"lines,omitempty"`
	About []people.ID `json:"about,omitempty"`
}

// Collected is what collecting came to.
type Collected struct {
	New     int // pieces that were not there
	Changed int // pieces that say something else than when they were collected
	Apart   int // in compartments that the actor may not read: somebody who may collects them
}

// Collect gathers everything on record in the file into the working copy, with
// proposals of what to look at. Done again, it takes in what is new, and takes
// anew what was changed since: that is to be decided about again, with what was
// decided as the proposal. What did not change stays with its decision, and so
// does what is not on record any more: it was when the person asked.
func (s *Service) Collect(ctx context.Context, f *cases.File, id ID, version int64) (done Collected, err error) {
	if err := s.judge(ctx, f, ActAccess); err != nil {
		return Collected{}, err
	}
	err = s.change(ctx, f, ActAccess, id.Subject(), "collect", func(ctx context.Context, tx *store.Tx) error {
		done = Collected{}
		if _, err := s.get(ctx, tx, f, id); err != nil {
			return err
		}
		q := rightsdb.New(tx)
		had, err := s.items(ctx, tx, f, id)
		if err != nil {
			return err
		}
		seq := int64(0)
		seen := map[string]Item{}
		for _, i := range had {
			seq = max(seq, i.Seq)
			seen[i.Part+"\x00"+i.Ref] = i
		}
		names, err := s.others(ctx, tx, f)
		if err != nil {
			return err
		}
		for _, k := range s.keepers {
			pieces, closed, err := k.Pieces(ctx, tx, f)
			if err != nil {
				return fmt.Errorf("collecting %s: %w", k.Part().Code, err)
			}
			done.Apart += closed
			for _, p := range pieces {
				if old, there := seen[k.Part().Code+"\x00"+p.Ref]; there {
					if old.Apart || old.same(p) {
						continue
					}
					done.Changed++
					if err := s.refresh(ctx, tx, q, f, id, old, p, propose(p, names)); err != nil {
						return err
					}
					continue
				}
				done.New++
				seq++
				if err := s.insert(ctx, tx, q, f, id, seq, k.Part().Code, p, propose(p, names)); err != nil {
					return err
				}
			}
		}
		err = store.Changed(q.SetCollected(ctx, rightsdb.SetCollectedParams{AgencyID: f.Agency(), ID: string(id), Version: version, CollectedAt: nullTime(tx.Now())}))
		if err != nil {
			return err
		}
		return s.hand(ctx, q, f, id)
	})
	return done, err
}

// same tells whether a piece says what it said when it was collected. One that
// was erased since stays so.
func (i Item) same(p cases.Piece) bool {
	erased := i.Title == "" && len(i.Lines) == 0
	return erased || i.Title == p.Title && slices.Equal(i.Lines, p.Lines) && slices.Equal(i.About, p.About) && i.On == p.On && i.Source == p.Source &&
		i.Compartment == p.Compartment
}

// refresh takes a piece anew that was changed. Where somebody had decided about
// it, or it has to be looked at, it is to be decided about again.
func (s *Service) refresh(ctx context.Context, tx *store.Tx, q *rightsdb.Queries, f *cases.File, id ID, old Item, p cases.Piece, tags []Tag) error {
	body, err := json.Marshal(content{Title: p.Title, Lines: p.Lines, About: p.About})
	if err != nil {
		return err
	}
	decision := Give
	if len(tags) > 0 || old.DecidedBy != "" || old.Decision != Give {
		decision = Undecided
	}
	v := s.vault(ctx, tx, f.Agency())
	arg := rightsdb.RefreshItemParams{
		AgencyID: f.Agency(), AccessID: string(id), Seq: old.Seq, Source: p.Source, Compartment: string(p.Compartment),
		Tags: codes(append(tags, TagChanged)), HappenedOn: p.On, Content: v.seal(tableItem, "content", itemRow(id, old.Seq), string(body)), Decision: string(decision),
	}
	if v.err != nil {
		return v.err
	}
	return store.Changed(q.RefreshItem(ctx, arg))
}

// codes are tags as they are kept.
func codes(tags []Tag) string {
	var out []string
	for _, t := range tags {
		out = append(out, string(t))
	}
	return strings.Join(out, " ")
}

// others are the names of the other people of the file.
func (s *Service) others(ctx context.Context, tx *store.Tx, f *cases.File) ([]string, error) {
	parties, err := s.cases.Parties(ctx, tx, f)
	if err != nil {
		return nil, err
	}
	person, err := s.cases.People().Get(ctx, tx, f.Permit(), f.Agency(), f.Person())
	if err != nil {
		return nil, err
	}
	var own []string
	for _, n := range []string{person.GivenName, person.FamilyName, person.KnownAs} {
		own = append(own, strings.ToLower(n))
	}
	var out []string
	for _, p := range parties {
		for _, n := range []string{p.Details.GivenName, p.Details.FamilyName, p.Details.KnownAs} {
			// A family's name that the person carries too tells nothing.
			if n != "" && !slices.Contains(own, strings.ToLower(n)) && !slices.Contains(out, n) {
				out = append(out, n)
			}
		}
	}
	return out, nil
}

// propose tags what somebody has to look at.
func propose(p cases.Piece, names []string) []Tag {
	var tags []Tag
	i := Item{Title: p.Title, Lines: p.Lines}
	if p.Others || len(p.About) > 0 || slices.ContainsFunc(names, i.Finds) {
		tags = append(tags, TagOther)
	}
	if p.Source != "" {
		tags = append(tags, TagReceived)
	}
	if p.Hidden {
		tags = append(tags, TagReach)
	}
	if p.Compartment != "" {
		tags = append(tags, TagPart)
	}
	return tags
}

func itemRow(id ID, seq int64) string { return fmt.Sprintf("%s/%d", id, seq) }

func (s *Service) insert(ctx context.Context, tx *store.Tx, q *rightsdb.Queries, f *cases.File, id ID, seq int64, part string, p cases.Piece, tags []Tag) error {
	body, err := json.Marshal(content{Title: p.Title, Lines: p.Lines, About: p.About})
	if err != nil {
		return err
	}
	decision := Give
	if len(tags) > 0 {
		decision = Undecided
	}
	v := s.vault(ctx, tx, f.Agency())
	arg := rightsdb.InsertItemParams{
		AgencyID: f.Agency(), AccessID: string(id), Seq: seq, Part: part, Ref: p.Ref, Source: p.Source, Compartment: string(p.Compartment),
		Tags: codes(tags), HappenedOn: p.On, Content: v.seal(tableItem, "content", itemRow(id, seq), string(body)),
		Decision: string(decision), Note: []byte{}, Cuts: []byte{},
	}
	if v.err != nil {
		return v.err
	}
	return q.InsertItem(ctx, arg)
}

// Items are the pieces of a working copy. Those of compartments that whoever
// opened the file may not read have no words.
func (s *Service) Items(ctx context.Context, tx *store.Tx, f *cases.File, id ID) ([]Item, error) {
	if err := f.Permit().Show(ctx, f.ID().Subject(), f.Person().Subject(), id.Subject()); err != nil {
		return nil, err
	}
	items, err := s.items(ctx, tx, f, id)
	if err != nil {
		return nil, err
	}
	for _, i := range items {
		if err := show(ctx, f, i); err != nil {
			return nil, err
		}
	}
	return items, nil
}

// Item is one piece of a working copy. It is not there for whoever may not read
// its compartment.
func (s *Service) Item(ctx context.Context, tx *store.Tx, f *cases.File, id ID, seq int64) (Item, error) {
	if err := f.Permit().Show(ctx, f.ID().Subject(), f.Person().Subject(), id.Subject()); err != nil {
		return Item{}, err
	}
	items, err := s.items(ctx, tx, f, id)
	if err != nil {
		return Item{}, err
	}
	n := slices.IndexFunc(items, func(i Item) bool { return i.Seq == seq })
	if n < 0 || items[n].Apart {
		return Item{}, store.ErrNotFound
	}
	return items[n], show(ctx, f, items[n])
}

func (s *Service) items(ctx context.Context, tx *store.Tx, f *cases.File, id ID) ([]Item, error) {
	rows, err := rightsdb.New(tx).Items(ctx, rightsdb.ItemsParams{AgencyID: f.Agency(), AccessID: string(id)})
	if err != nil {
		return nil, err
	}
	v := s.vault(ctx, tx, f.Agency())
	out := make([]Item, len(rows))
	for n, r := range rows {
		i := Item{
			Seq: r.Seq, Part: r.Part, Ref: r.Ref, Source: r.Source, Compartment: cases.Compartment(r.Compartment), On: r.HappenedOn,
			Decision: Decision(r.Decision), Reason: Reason(r.Reason), DecidedBy: r.DecidedBy, DecidedAt: r.DecidedAt.Time,
		}
		for _, t := range strings.Fields(r.Tags) {
			i.Tags = append(i.Tags, Tag(t))
		}
		if !s.cases.MayRead(f, i.Compartment) {
			i.Apart = true
			out[n] = i
			continue
		}
		row := itemRow(id, r.Seq)
		body, cuts := v.open(tableItem, "content", row, r.Content), v.open(tableItem, "cuts", row, r.Cuts)
		i.Note = v.open(tableItem, "note", row, r.Note)
		if v.err != nil {
			return nil, v.err
		}
		if body != "" { // empty: it was erased
			var c content
			if err := json.Unmarshal([]byte(body), &c); err != nil {
				return nil, fmt.Errorf("a piece of a working copy: %w", err)
			}
			i.Title, i.Lines, i.About = c.Title, c.Lines, c.About
		}
		if cuts != "" {
			if err := json.Unmarshal([]byte(cuts), &i.Cuts); err != nil {
				return nil, fmt.Errorf("the passages of a working copy: %w", err)
			}
		}
		out[n] = i
	}
	return out, nil
}

// NextOpen is the number of the next piece that is to be decided, 0 for none.
func (s *Service) NextOpen(ctx context.Context, tx *store.Tx, f *cases.File, id ID, after int64) (int64, error) {
	items, err := s.items(ctx, tx, f, id)
	for _, i := range items {
		if i.Decision == Undecided && !i.Apart && i.Seq > after {
			return i.Seq, nil
		}
	}
	return 0, err
}

// Choice is what somebody decides about a piece.
type Choice struct {
	Decision Decision
	Reason   Reason
	Note     string
	Cuts     []string // passages, when a part is given
}

// Decide decides about a piece of the working copy, until it is submitted.
func (s *Service) Decide(ctx context.Context, f *cases.File, id ID, version, seq int64, c Choice) error {
	var errs forms.Errors
	if !known(Decisions(), c.Decision) {
		errs.Add("decision", "Select what is given")
	}
	if c.Decision == Give {
		c.Reason, c.Note, c.Cuts = "", "", nil
	} else if errs.Get("decision") == "" {
		if !known(Reasons(), c.Reason) {
			errs.Add("reason", "Select why it is left out")
		}
		need(&errs, "note", c.Note, "Write why, for whoever reads this working copy")
	}
	if c.Decision == Withhold {
		c.Cuts = nil
	}
	if errs.Any() {
		return errs
	}
	if err := s.judge(ctx, f, ActAccess); err != nil {
		return err
	}
	return s.change(ctx, f, ActAccess, id.Subject(), "decide "+string(c.Decision), func(ctx context.Context, tx *store.Tx) error {
		items, err := s.items(ctx, tx, f, id)
		if err != nil {
			return err
		}
		n := slices.IndexFunc(items, func(i Item) bool { return i.Seq == seq })
		if n < 0 || items[n].Apart {
			return store.ErrNotFound
		}
		if c.Decision == GivePart {
			if len(c.Cuts) == 0 {
				return forms.Errors{{Field: "cuts", Message: "Write the words to leave out, each on a line of its own"}}
			}
			for _, words := range c.Cuts {
				if !items[n].Finds(words) {
					return forms.Errors{{Field: "cuts", Message: "“" + words + "” is not in this piece"}}
				}
			}
		}
		cuts := ""
		if len(c.Cuts) > 0 {
			b, err := json.Marshal(c.Cuts)
			if err != nil {
				return err
			}
			cuts = string(b)
		}
		q := rightsdb.New(tx)
		if err := store.Changed(q.Touch(ctx, rightsdb.TouchParams{AgencyID: f.Agency(), ID: string(id), Version: version})); err != nil {
			return err
		}
		v := s.vault(ctx, tx, f.Agency())
		p := rightsdb.DecideItemParams{
			AgencyID: f.Agency(), AccessID: string(id), Seq: seq, Decision: string(c.Decision), Reason: string(c.Reason),
			Note: v.seal(tableItem, "note", itemRow(id, seq), c.Note), Cuts: v.seal(tableItem, "cuts", itemRow(id, seq), cuts),
			DecidedBy: f.Actor().Account, DecidedAt: nullTime(tx.Now()),
		}
		if v.err != nil {
			return v.err
		}
		if err := store.Changed(q.DecideItem(ctx, p)); err != nil {
			return err
		}
		return s.hand(ctx, q, f, id)
	})
}

// StillNamed are the other people's names that stand in what would be given.
func (s *Service) StillNamed(ctx context.Context, tx *store.Tx, f *cases.File, items []Item) ([]string, error) {
	names, err := s.others(ctx, tx, f)
	if err != nil {
		return nil, err
	}
	return Still(Compose(s.Parts(), items), names), nil
}
