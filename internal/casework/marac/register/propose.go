package register

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/register/registerdb"
	"waymark/internal/casework/repeats"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people/linkage"
)

var postcodeIn = regexp.MustCompile(`(?i)\b[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}\b`)

// Record is an identity as it is compared.
func Record(i marac.Identity) linkage.Record {
	code := postcodeIn.FindString(i.Address)
	return linkage.Record{
		Given: i.Details.GivenName, Family: i.Details.FamilyName, KnownAs: i.Details.KnownAs, Aliases: i.Aliases, Born: i.Details.Born, Gender: i.Details.Gender,
		Postcode: code, Address: strings.Replace(i.Address, code, "", 1),
	}
}

// EnterTx puts a case on the register that came by no share, and writes by what its
// people are found. Who may is for its caller to have judged.
func (s *Service) EnterTx(ctx context.Context, tx *store.Tx, f *cases.File, c marac.Case, about []marac.Identity) (marac.CaseID, error) {
	id, err := s.marac.InsertTx(ctx, tx, f, c, about)
	if err != nil {
		return "", err
	}
	return id, s.KeyTx(ctx, tx, f, id, about)
}

// KeyTx writes by what the people of a case are found.
func (s *Service) KeyTx(ctx context.Context, tx *store.Tx, f *cases.File, id marac.CaseID, about []marac.Identity) error {
	m, err := s.cases.People().Marker(ctx, tx, f.Agency())
	if err != nil {
		return err
	}
	q := registerdb.New(tx)
	for _, a := range about {
		for _, mark := range m.Link(linkage.Keys(Record(a))) {
			err := q.InsertKey(ctx, registerdb.InsertKeyParams{AgencyID: f.Agency(), Mark: mark, Role: string(a.Part), CaseID: string(id), PersonID: string(a.Person)})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// Finding is what an earlier case is to one that is screened.
type Finding string

// The findings.
const (
	IsRepeat    Finding = "repeat"
	IsDuplicate Finding = "duplicate" // being dealt with already
	MayRepeat   Finding = "may_repeat"
	IsLater     Finding = "over_twelve_months"
	OtherHarm   Finding = "others_harm" // the same victim, other people who harm
	IsApart     Finding = "household"   // a twin, or somebody else of the household
)

// Label is the finding in words for people.
func (f Finding) Label() string {
	switch f {
	case IsRepeat:
		return "May be a repeat"
	case IsDuplicate:
		return "May be a duplicate: it is being dealt with"
	case MayRepeat:
		return "A repeat, if something is answered first"
	case IsLater:
		return "The same people, and no repeat by the clock"
	case OtherHarm:
		return "The same victim, with others who harm"
	case IsApart:
		return "Perhaps somebody else of the household"
	}
	return string(f)
}

// Matched is somebody of this case and who of the earlier one they may be.
type Matched struct {
	Now, Then marac.Identity
	Score     linkage.Score
}

// Proposal is an earlier case of the register that may be about the same people. It
// proposes, a person decides.
type Proposal struct {
	ID       marac.CaseID
	File     cases.ID
	Number   string
	From     string // agency
	On       string // YYYY-MM-DD: when it was referred
	State    marac.State
	CameFrom string
	Finding  Finding
	Why      string // in words
	Victim   Matched
	Harm     []Matched // those who harm whom both name
	Others   int       // those who harm in one of the two alone
}

// referred is a referral as the rule sees it.
type referred struct {
	id    marac.CaseID
	on    string // the day of the referral
	since string // the day of the further abuse, where it is known
	crime marac.Answer
	rule  repeats.Rule
	about []marac.Identity
}

func in(about []marac.Identity, part marac.Part) []marac.Identity {
	var out []marac.Identity
	for _, a := range about {
		if a.Part == part {
			out = append(out, a)
		}
	}
	return out
}

// judge says what an earlier case is to a referral; ok is false when nothing speaks
// for the same victim.
func judge(now referred, p Proposal, then []marac.Identity) (Proposal, bool) {
	victims, before := in(now.about, marac.Victim), in(then, marac.Victim)
	if len(victims) == 0 || len(before) == 0 {
		return p, false
	}
	p.Victim = compare(victims[0], before[0])
	if p.Victim.Score.Band == linkage.Unlikely {
		return p, false
	}
	harmNow, harmThen := in(now.about, marac.Perpetrator), in(then, marac.Perpetrator)
	p.Harm = matches(harmNow, harmThen)
	p.Others = len(harmNow) + len(harmThen) - 2*len(p.Harm)
	day := cmp.Or(now.since, now.on)
	within, known := repeats.WithinTwelveMonths(p.On, day)
	until := cases.DayInWords(Until(p.On))
	switch {
	case p.Victim.Score.Apart != "":
		p.Finding, p.Why = IsApart, p.Victim.Score.Apart
	case len(p.Harm) == 0:
		p.Finding, p.Why = OtherHarm, "Nobody who harms is the same: it is no repeat."
	case p.State == marac.Screening || p.State == marac.Listed:
		p.Finding, p.Why = IsDuplicate, "It has not been heard yet."
	case known && !within:
		p.Finding, p.Why = IsLater, "The twelve months after it ended on "+until+": it is a new referral."
		if day < p.On {
			p.Why = "What is referred now was before it."
		}
	case now.rule == repeats.Crime && now.crime == marac.No:
		p.Finding, p.Why = IsLater, "The MARAC goes by the older version of the rule: what is referred would not be a crime if it were reported."
	case now.rule == repeats.Crime && now.crime != marac.Yes:
		p.Finding, p.Why = MayRepeat, "The MARAC goes by the older version of the rule: say first whether it would be a crime if it were reported."
	default:
		p.Finding, p.Why = IsRepeat, "Within the twelve months after it, which end on "+until+"."
	}
	if p.Others > 0 && len(p.Harm) > 0 {
		p.Why += fmt.Sprintf(" %s who harms %s named in one of the two alone.", people1(p.Others), is(p.Others))
	}
	return p, true
}

func people1(n int) string {
	if n == 1 {
		return "One person"
	}
	return strconv.Itoa(n) + " people"
}

func is(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// Until is the last day on which further abuse is a repeat of what was referred on a
// day: the same day of the next year, or 28 February after 29 February.
func Until(on string) string {
	d, err := time.Parse(time.DateOnly, on)
	if err != nil {
		return ""
	}
	last := d.AddDate(1, 0, 0)
	if last.Day() != d.Day() {
		last = last.AddDate(0, 0, -1)
	}
	return last.Format(time.DateOnly)
}

func compare(now, then marac.Identity) Matched {
	m := Matched{Now: now, Then: then, Score: linkage.Compare(Record(now), Record(then))}
	if now.Person != "" && now.Person == then.Person { // somebody decided that they are one
		m.Score.Band, m.Score.Apart = linkage.Likely, ""
		m.Score.Fields = []linkage.Field{{Name: "file", Says: "They are one person on the case"}}
	}
	return m
}

// matches pairs those of two cases who may be the same, the surest first, each once.
func matches(now, then []marac.Identity) []Matched {
	var all []Matched
	for _, a := range now {
		for _, b := range then {
			if m := compare(a, b); m.Score.Band != linkage.Unlikely && m.Score.Apart == "" {
				all = append(all, m)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Matched) int { return cmp.Compare(b.Score.Weight, a.Score.Weight) })
	var out []Matched
	for _, m := range all {
		if !slices.ContainsFunc(out, func(o Matched) bool {
			return o.Now.Person == m.Now.Person && o.Now.Details == m.Now.Details || o.Then.Person == m.Then.Person
		}) {
			out = append(out, m)
		}
	}
	return out
}

// candidatesMost bounds how many earlier cases are compared with one: those that
// share most keys. Where there are more, the page says so.
const candidatesMost = 300

// Proposals are the cases of the register that may be about the same people as what
// a packet refers; more tells that not all were looked at.
func (s *Service) Proposals(ctx context.Context, p *sharing.Packet) (out []Proposal, more bool, err error) {
	r, err := s.Of(ctx, p)
	if err != nil {
		return nil, false, err
	}
	now := referred{on: s.marac.Today(p.Share().SentAt), since: r.Sheet.Incident, crime: r.Sheet.Crime}
	for _, w := range r.Sheet.People {
		one := w.Identity
		one.Part = w.Part
		now.about = append(now.about, one)
	}
	return s.propose(ctx, p.Actor(), now, "")
}

// ProposalsFor are the cases of the register that may be about the same people as a
// case of a file.
func (s *Service) ProposalsFor(ctx context.Context, f *cases.File, id marac.CaseID) (out []Proposal, more bool, err error) {
	var now referred
	err = s.db().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		c, err := s.marac.CaseTx(ctx, tx, f, id)
		if err != nil {
			return err
		}
		about, err := s.marac.IdentitiesTx(ctx, tx, f.Permit(), f.Agency(), []marac.CaseID{id})
		if err != nil {
			return err
		}
		now = referred{id: id, on: c.On, about: about[id]}
		sent, err := s.ofFile(ctx, tx, f)
		for _, r := range sent {
			if string(r.Share) == c.Share {
				now.since, now.crime = r.Sheet.Incident, r.Sheet.Crime
			}
		}
		return err
	})
	if err != nil {
		return nil, false, err
	}
	return s.propose(ctx, f.Actor(), now, f.ID())
}

// propose looks through the register of the actor's agency, as far as its cases are
// there for the actor. A case on the same file is always looked at.
func (s *Service) propose(ctx context.Context, actor policy.Actor, now referred, file cases.ID) (out []Proposal, more bool, err error) {
	m := cases.Mapping(store.Moment(s.db().Clock()()))
	m.Agency = actor.Agency
	scope, permit, err := s.guard.List(ctx, actor, ActRegister, m, "")
	if err != nil {
		return nil, false, err
	}
	var shown []audit.Subject
	err = s.db().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rule, err := s.marac.RuleOnTx(ctx, tx, actor.Agency, now.on)
		if err == nil {
			now.rule = rule.Repeat
		}
		found, err := s.candidates(ctx, tx, actor.Agency, now, file, scope)
		if err != nil {
			return err
		}
		if more = len(found) > candidatesMost; more {
			found = found[:candidatesMost]
		}
		ids := make([]marac.CaseID, len(found))
		for i, p := range found {
			ids[i] = p.ID
		}
		about, err := s.marac.IdentitiesTx(ctx, tx, permit, actor.Agency, ids, marac.Victim, marac.Perpetrator)
		if err != nil {
			return err
		}
		for _, p := range found {
			if p, ok := judge(now, p, about[p.ID]); ok {
				out = append(out, p)
				shown = append(shown, p.ID.Subject(), p.Victim.Then.Person.Subject())
			}
		}
		return nil
	})
	if err != nil {
		return nil, false, err
	}
	slices.SortStableFunc(out, func(a, b Proposal) int {
		return cmp.Or(cmp.Compare(rank(a.Finding), rank(b.Finding)), strings.Compare(b.On, a.On), strings.Compare(string(b.ID), string(a.ID)))
	})
	if len(shown) == 0 {
		shown = []audit.Subject{{Kind: "agency", ID: actor.Agency}}
	}
	return out, more, permit.Show(ctx, shown...)
}

func rank(f Finding) int {
	return slices.Index([]Finding{IsDuplicate, IsRepeat, MayRepeat, IsLater, OtherHarm, IsApart}, f)
}

// candidates are the earlier cases whose victim shares a key with the one referred
// now, those that share most first.
func (s *Service) candidates(ctx context.Context, tx *store.Tx, agency string, now referred, file cases.ID, scope store.Fragment) ([]Proposal, error) {
	victims := in(now.about, marac.Victim)
	if len(victims) == 0 {
		return nil, nil
	}
	m, err := s.cases.People().MarkerIf(ctx, tx, agency)
	if err != nil {
		return nil, err
	}
	args := []any{agency}
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	var marks []string
	for _, mark := range m.Link(linkage.Keys(Record(victims[0]))) {
		marks = append(marks, arg(mark))
	}
	// Grouped by an expression, so that SQLite goes by the marks and not along the cases.
	hits := "SELECT k.case_id || '' AS case_id, COUNT(*) AS n FROM marac_key k WHERE k.agency_id = $1 AND k.role = 'victim' AND k.mark IN (" + strings.Join(marks, ", ") + ") GROUP BY k.case_id || ''"
	if len(marks) == 0 {
		hits = "SELECT '' AS case_id, 0 AS n"
	}
	if file != "" {
		hits += " UNION ALL SELECT o.id AS case_id, 1000 AS n FROM marac_case o WHERE o.agency_id = $1 AND o.file_id = " + arg(string(file))
	}
	var w store.Where
	for _, v := range args {
		w.Arg(v)
	}
	w.And(scope)
	where, _ := w.SQL()
	query := "WITH h AS (SELECT x.case_id, SUM(x.n) AS n FROM (" + hits + ") AS x GROUP BY x.case_id ORDER BY 2 DESC, 1 DESC LIMIT " + strconv.Itoa(2*candidatesMost) + ")" +
		" SELECT c.id, c.file_id, c.number, c.from_agency, c.referred_on, c.state, c.came_from FROM h CROSS JOIN marac_case c CROSS JOIN file f WHERE c.agency_id = $1 AND c.id = h.case_id" +
		" AND f.agency_id = c.agency_id AND f.id = c.file_id AND (" + where + ") ORDER BY h.n DESC, c.id DESC LIMIT " + strconv.Itoa(candidatesMost+2)
	var out []Proposal
	err = store.Each(ctx, tx, query, w.Args(), func(rows *sql.Rows) error {
		var p Proposal
		err := rows.Scan(&p.ID, &p.File, &p.Number, &p.From, &p.On, &p.State, &p.CameFrom)
		// A later referral is no earlier case.
		if p.ID != now.id && p.On <= now.on {
			out = append(out, p)
		}
		return err
	})
	return out, err
}
