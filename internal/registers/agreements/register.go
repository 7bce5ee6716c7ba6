package agreements

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"sync"
	"time"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/agreements/agreementsdb"
	"waymark/internal/registers/directory"
)

// Register is the register of agreements of one deployment.
type Register struct {
	db      *store.DB
	guard   *audit.Guard
	zone    *time.Location
	traffic Traffic

	mu   sync.Mutex
	set  *Set
	made edition // of set
}

// edition is what a set was made of.
type edition struct {
	changes int64
	today   string
}

// New opens the register. zone is where days are counted; nil means UTC.
func New(db *store.DB, guard *audit.Guard, zone *time.Location) *Register {
	if zone == nil {
		zone = time.UTC
	}
	return &Register{db: db, guard: guard, zone: zone}
}

// Today is the day in the place.
func (r *Register) Today() string {
	return store.Moment(r.db.Clock()()).In(r.zone).Format(time.DateOnly)
}

func (r *Register) today(tx *store.Tx) string { return tx.Now().In(r.zone).Format(time.DateOnly) }

func count(n int64) string { return strconv.FormatInt(n, 10) }

// List are the agreements that the actor may read: those that their agency writes
// or is in; for the operator, all.
func (r *Register) List(ctx context.Context, actor policy.Actor) ([]Agreement, error) {
	if _, err := r.guard.Act(ctx, actor, ActList, register(actor.Agency), true); err != nil {
		return nil, err
	}
	var out []Agreement
	err := r.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := agreementsdb.New(tx)
		if actor.Kind == policy.Operator {
			rows, err := q.AllVersions(ctx)
			if err != nil {
				return err
			}
			parties, err := q.AllParties(ctx)
			if err != nil {
				return err
			}
			out, err = r.read(ctx, tx, rows, parties)
			return err
		}
		rows, err := q.VersionsOfAgency(ctx, actor.Agency)
		if err != nil {
			return err
		}
		parties, err := q.PartiesOfAgency(ctx, actor.Agency)
		if err != nil {
			return err
		}
		out, err = r.read(ctx, tx, rows, parties)
		return err
	})
	if err != nil {
		return nil, err
	}
	var shown []Agreement
	for _, a := range out {
		if !r.guard.Rules().Decide(actor, ActRead, a.resource()).Allowed {
			continue
		}
		if a = r.visible(actor, a); len(a.Versions) > 0 {
			shown = append(shown, a)
		}
	}
	return shown, nil
}

// visible leaves out the drafts for those who may not read them, and the versions
// that an agency which does not write it is no party of.
func (r *Register) visible(actor policy.Actor, a Agreement) Agreement {
	drafts := r.guard.Rules().Decide(actor, ActDraft, a.resource()).Allowed
	a.Versions = slices.DeleteFunc(slices.Clone(a.Versions), func(v Version) bool {
		_, party := v.Signature(agencyOf(actor))
		return !drafts && (v.State == Draft || !party)
	})
	return a
}

func (r *Register) find(ctx context.Context, id ID) (Agreement, error) {
	var a Agreement
	err := r.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		a, err = r.findIn(ctx, tx, id)
		return err
	})
	return a, err
}

// findIn reads an agreement; the zero one is nobody's, and judged as such.
func (r *Register) findIn(ctx context.Context, tx *store.Tx, id ID) (Agreement, error) {
	q := agreementsdb.New(tx)
	rows, err := q.Versions(ctx, string(id))
	if err != nil {
		return Agreement{}, err
	}
	parties, err := q.Parties(ctx, string(id))
	if err != nil {
		return Agreement{}, err
	}
	list, err := r.read(ctx, tx, rows, parties)
	if err != nil || len(list) == 0 {
		return Agreement{}, err
	}
	return list[0], nil
}

// Get returns an agreement with the versions that the actor may read. To whom it
// is not allowed, it is not there.
func (r *Register) Get(ctx context.Context, actor policy.Actor, id ID) (Agreement, error) {
	a, err := r.find(ctx, id)
	if err != nil {
		return Agreement{}, err
	}
	if _, err := r.guard.Act(ctx, actor, ActRead, a.resource(), false, subjects(id)...); err != nil {
		return Agreement{}, err
	}
	if a = r.visible(actor, a); len(a.Versions) == 0 {
		return Agreement{}, store.ErrNotFound
	}
	return a, nil
}

// May tells what the actor may do with an agreement they read.
func (r *Register) May(actor policy.Actor, action policy.Action, a Agreement) bool {
	return r.guard.Rules().Decide(actor, action, a.resource()).Allowed
}

// MayBegin tells whether the actor may begin agreements.
func (r *Register) MayBegin(actor policy.Actor) bool {
	return r.guard.Rules().Decide(actor, ActBegin, register(actor.Agency)).Allowed
}

// judge judges a change of an agreement.
func (r *Register) judge(ctx context.Context, actor policy.Actor, action policy.Action, id ID) (Agreement, audit.Permit, error) {
	a, err := r.find(ctx, id)
	if err != nil {
		return Agreement{}, audit.Permit{}, err
	}
	permit, err := r.guard.Act(ctx, actor, action, a.resource(), false, subjects(id)...)
	return a, permit, err
}

// Begin begins an agreement of the actor's agency, as a draft. It returns
// forms.Errors.
func (r *Register) Begin(ctx context.Context, actor policy.Actor, d Document) (ID, error) {
	return r.AddFile(ctx, actor, agencyOf(actor), d)
}

// AddFile is [Register.Begin] for an agency that the operator names.
func (r *Register) AddFile(ctx context.Context, actor policy.Actor, author directory.AgencyID, d Document) (ID, error) {
	permit, err := r.guard.Act(ctx, actor, ActBegin, register(string(author)), true)
	if err != nil {
		return "", err
	}
	var id ID
	err = r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := r.check(ctx, tx, author, d); err != nil {
			return err
		}
		text, err := tx.NewID()
		if err != nil {
			return err
		}
		id = ID(text)
		err = agreementsdb.New(tx).InsertAgreement(ctx, agreementsdb.InsertAgreementParams{
			AgencyID: string(author), ID: text, CreatedAt: tx.Now(), CreatedBy: actor.Account,
		})
		if err != nil {
			return err
		}
		if err := r.insert(ctx, tx, actor, author, id, 1, d, nil); err != nil {
			return err
		}
		return permit.Append(tx, ActBegin, "", id.Subject())
	})
	return id, err
}

// check returns what is wrong with a document, places that are not there
// included.
func (r *Register) check(ctx context.Context, tx *store.Tx, author directory.AgencyID, d Document) error {
	errs := d.Check()
	if _, in := d.Party(author); !in {
		errs.Add("parties", "Select your own agency too: an agreement binds whoever writes it")
	}
	if errs.Any() {
		return errs
	}
	for _, p := range d.Parties {
		if _, err := directory.AgencyIn(ctx, tx, p.Agency); err != nil {
			return noPlace(err, "parties")
		}
		for _, t := range p.Teams {
			if _, err := directory.TeamIn(ctx, tx, p.Agency, t); err != nil {
				return noPlace(err, "parties")
			}
		}
	}
	for _, c := range d.Clauses {
		for field, s := range map[string]Side{"from": c.From, "to": c.To} {
			if s.Team == "" {
				continue
			}
			if _, err := directory.TeamIn(ctx, tx, s.Agency, s.Team); err != nil {
				return noPlace(err, field)
			}
		}
	}
	return nil
}

func noPlace(err error, field string) error {
	if errors.Is(err, store.ErrNotFound) {
		return forms.Errors{{Field: field, Message: "Select agencies and teams from the list"}}
	}
	return err
}

func (r *Register) insert(ctx context.Context, tx *store.Tx, actor policy.Actor, author directory.AgencyID, id ID, number int64, d Document, before []Signature) error {
	sealed, err := r.db.Vault().SealJSON(ctx, tx, documentPlace(string(author), string(id), number), d)
	if err != nil {
		return err
	}
	q := agreementsdb.New(tx)
	err = q.InsertVersion(ctx, agreementsdb.InsertVersionParams{
		AgencyID: string(author), AgreementID: string(id), Number: number, StartOn: d.StartOn, ReviewOn: d.ReviewOn,
		Document: sealed.Bytes(), CreatedAt: tx.Now(), CreatedBy: actor.Account,
	})
	if err != nil {
		return err
	}
	v := Version{Agreement: id, Author: author, Number: int(number)}
	for _, p := range before {
		v.Parties = append(v.Parties, Signature{Contact: p.Contact, Names: SignatureNames{Contact: p.Names.Contact, StandIn: p.Names.StandIn, Conflict: p.Names.Conflict}})
	}
	for _, p := range d.Parties {
		if err := r.addParty(ctx, tx, v, p.Agency); err != nil {
			return err
		}
	}
	return nil
}

// addParty adds a party to a draft, with who advises there when the version
// before it said so.
func (r *Register) addParty(ctx context.Context, tx *store.Tx, v Version, agency directory.AgencyID) error {
	s, _ := v.Signature(agency)
	words, err := r.seal(ctx, tx, v, agency, s.Names)
	if err != nil {
		return err
	}
	return agreementsdb.New(tx).InsertParty(ctx, agreementsdb.InsertPartyParams{
		AgencyID: string(v.Author), AgreementID: string(v.Agreement), Number: int64(v.Number), PartyID: string(agency),
		Contact: s.Account, StandIn: s.StandIn, NotFor: joinIDs(s.NotFor), Words: words,
	})
}

func (r *Register) seal(ctx context.Context, tx *store.Tx, v Version, agency directory.AgencyID, names SignatureNames) ([]byte, error) {
	sealed, err := r.db.Vault().SealJSON(ctx, tx, wordsPlace(string(v.Author), string(v.Agreement), int64(v.Number), string(agency)), names)
	return sealed.Bytes(), err
}

// Keep replaces what a draft says. It returns forms.Errors, and
// [store.ErrConflict] when it was changed since revision was read, or is no
// draft any more.
func (r *Register) Keep(ctx context.Context, actor policy.Actor, id ID, number int, revision int64, d Document) error {
	_, permit, err := r.judge(ctx, actor, ActWrite, id)
	if err != nil {
		return err
	}
	return r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		v, err := r.version(ctx, tx, id, number, revision, Draft)
		if err != nil {
			return err
		}
		if err := r.check(ctx, tx, v.Author, d); err != nil {
			return err
		}
		sealed, err := r.db.Vault().SealJSON(ctx, tx, documentPlace(string(v.Author), string(id), int64(number)), d)
		if err != nil {
			return err
		}
		q := agreementsdb.New(tx)
		err = store.Changed(q.ReplaceDraft(ctx, agreementsdb.ReplaceDraftParams{
			AgencyID: string(v.Author), AgreementID: string(id), Number: int64(number), Document: sealed.Bytes(), StartOn: d.StartOn, ReviewOn: d.ReviewOn, Was: revision,
		}))
		if err != nil {
			return err
		}
		for _, p := range v.Parties {
			if _, still := d.Party(p.Agency); still {
				continue
			}
			err := q.DeleteParty(ctx, agreementsdb.DeletePartyParams{AgencyID: string(v.Author), AgreementID: string(id), Number: int64(number), PartyID: string(p.Agency)})
			if err != nil {
				return err
			}
		}
		for _, p := range d.Parties {
			if _, was := v.Signature(p.Agency); was {
				continue
			}
			if err := r.addParty(ctx, tx, v, p.Agency); err != nil {
				return err
			}
		}
		return permit.Append(tx, ActWrite, "kept", id.Subject())
	})
}

// version reads a version to change it, in one of the states given. It returns
// [store.ErrConflict] when it is in another, or was changed since revision was
// read; revision 0 is not compared.
func (r *Register) version(ctx context.Context, tx *store.Tx, id ID, number int, revision int64, states ...State) (Version, error) {
	a, err := r.findIn(ctx, tx, id)
	if err != nil {
		return Version{}, err
	}
	v, ok := a.Version(number)
	switch {
	case !ok:
		return Version{}, store.ErrNotFound
	case !slices.Contains(states, v.State), revision != 0 && revision != v.Revision:
		return Version{}, store.ErrConflict
	}
	return v, nil
}

// NewVersion begins a version that says, to begin with, what the latest one says. It
// returns [store.ErrConflict] while the latest is a draft or in sign-off.
func (r *Register) NewVersion(ctx context.Context, actor policy.Actor, id ID) (int, error) {
	_, permit, err := r.judge(ctx, actor, ActWrite, id)
	if err != nil {
		return 0, err
	}
	number := 0
	err = r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		a, err := r.findIn(ctx, tx, id)
		if err != nil {
			return err
		}
		last := a.Newest()
		if known([]State{Draft, Signing}, last.State) {
			return store.ErrConflict
		}
		d := last.Document
		d.StartOn, d.ReviewOn = "", "" // the days of the earlier one say nothing of this one
		number = last.Number + 1
		if err := r.insert(ctx, tx, actor, a.Author, id, int64(number), d, last.Parties); err != nil {
			return err
		}
		return permit.Append(tx, ActWrite, "version "+strconv.Itoa(number), id.Subject())
	})
	return number, err
}

// InForce are the agreements in force on the day, ready to be asked. They are read
// anew only when another set may be in force.
func (r *Register) InForce(ctx context.Context, tx *store.Tx) (*Set, error) {
	q := agreementsdb.New(tx)
	changes, err := q.Revision(ctx)
	if err != nil {
		return nil, err
	}
	now := edition{changes: changes, today: r.today(tx)}
	r.mu.Lock()
	set, made := r.set, r.made
	r.mu.Unlock()
	if set != nil && made == now {
		return set, nil
	}
	rows, err := q.Completed(ctx)
	if err != nil {
		return nil, err
	}
	parties, err := q.AllParties(ctx)
	if err != nil {
		return nil, err
	}
	list, err := r.read(ctx, tx, rows, parties)
	if err != nil {
		return nil, err
	}
	var bound []Bound
	for _, a := range list {
		if v, ok := a.InForce(); ok {
			bound = append(bound, v.Bound())
		}
	}
	set = NewSet(bound...)
	r.mu.Lock()
	r.set, r.made = set, now
	r.mu.Unlock()
	return set, nil
}

// Explain asks the agreements in force.
func (r *Register) Explain(ctx context.Context, actor policy.Actor, q Request) (Answer, *Set, error) {
	if _, err := r.guard.Act(ctx, actor, ActExplore, register(actor.Agency), true); err != nil {
		return Answer{}, nil, err
	}
	var set *Set
	err := r.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		set, err = r.InForce(ctx, tx)
		return err
	})
	if err != nil {
		return Answer{}, nil, err
	}
	return Decide(set, q), set, nil
}

func missing(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return store.ErrNotFound
	}
	return err
}
