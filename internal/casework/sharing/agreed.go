package sharing

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/sharing/sharingdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/store"
	"waymark/internal/registers/agreements"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/people"
)

// Agreements are the agreements in force, ready to be asked.
type Agreements interface {
	InForce(ctx context.Context, tx *store.Tx) (*agreements.Set, error)
}

// PersonPart is the part of a packet that says who it is about; the others are
// its kinds of item.
const PersonPart = "person"

// Information is which kinds of information a part of a packet is counted among.
// What somebody writes about reaching a person may hold an address.
func Information(part string) []agreements.Kind {
	if part == PersonPart {
		return []agreements.Kind{agreements.Identity, agreements.Needs}
	}
	switch ItemKind(part) {
	case WhyItem:
		return []agreements.Kind{agreements.WhyReferred}
	case SaidItem:
		return []agreements.Kind{agreements.OwnAccount}
	case SafetyItem:
		return []agreements.Kind{agreements.Safety}
	case ContactItem:
		return []agreements.Kind{agreements.SafeContact, agreements.Address}
	case RiskItem:
		return []agreements.Kind{agreements.Risk}
	case NeedsItem:
		return []agreements.Kind{agreements.Wishes}
	case ChildrenItem:
		return []agreements.Kind{agreements.Children}
	case NewsItem:
		return []agreements.Kind{agreements.Progress}
	}
	return nil
}

// PartLabel is a part of a packet in words for people.
func PartLabel(part string) string {
	if part == PersonPart {
		return "Who the person is"
	}
	return ItemKind(part).Label()
}

// PartAnswer is what the agreements say of one part of a packet.
type PartAnswer struct {
	Part    string
	Effect  agreements.Effect
	Missing bool // no clause speaks of it, or of all of it
	Clauses []agreements.Ref
	Words   []string // of the clauses; while they are asked only
}

// Said is what the agreements in force say of a packet.
type Said struct {
	// Applies tells whether there is an agreement between the two.
	Applies bool
	// None tells that there is none in force. The share leaves on its basis, and the
	// key contact looks at it: nobody has to ask for that.
	None     bool
	Under    Agreement // the versions that are between the two
	Parts    []PartAnswer
	Contacts []string // accounts that advise at the sender's
	Days     int      // how long the receiver may see it; 0 when none says
	Months   int      // how long the receiver keeps it; 0 when none says
}

// Held are the parts that do not leave without a reason.
func (s Said) Held() []PartAnswer {
	return slices.DeleteFunc(slices.Clone(s.Parts), func(p PartAnswer) bool { return p.Effect == agreements.Permit })
}

// Of is what is said of a part.
func Of(parts []PartAnswer, part string) (PartAnswer, bool) {
	i := slices.IndexFunc(parts, func(p PartAnswer) bool { return p.Part == part })
	if i < 0 {
		return PartAnswer{}, false
	}
	return parts[i], true
}

// Ask asks the agreements in force about a share before it is sent.
func (s *Service) Ask(ctx context.Context, f *cases.File, n NewShare) (Said, error) {
	if !f.Permit().Valid() {
		return Said{}, audit.ErrNoPermit
	}
	var said Said
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		said, err = s.ask(ctx, tx, f, n)
		return err
	})
	return said, err
}

func (s *Service) ask(ctx context.Context, tx *store.Tx, f *cases.File, n NewShare) (Said, error) {
	if s.agreements == nil {
		return Said{Under: NoAgreement}, nil
	}
	set, err := s.agreements.InForce(ctx, tx)
	if err != nil {
		return Said{}, err
	}
	q := s.request(f, n)
	said := Said{Under: between(set, q)}
	if said.Under == NoAgreement {
		said.None = true
		return said, nil
	}
	said.Applies = true
	high, err := s.highRisk(ctx, tx, f)
	if err != nil {
		return Said{}, err
	}
	if high {
		q.Facts = append(q.Facts, agreements.HighRisk)
	}
	subject := q.Subject
	for _, part := range n.parts() {
		q.Kinds, q.Subject = Information(part), subject
		if part == string(ChildrenItem) {
			q.Subject = agreements.Child
		}
		a := agreements.Decide(set, q)
		said.Parts = append(said.Parts, partAnswer(set, part, a))
		for _, account := range a.Contacts {
			if !slices.Contains(said.Contacts, account) {
				said.Contacts = append(said.Contacts, account)
			}
		}
		said.Days, said.Months = shorter(said.Days, a.Days), shorter(said.Months, a.Months)
	}
	return said, nil
}

// partAnswer is the answer to one part: what the strongest of its kinds says.
func partAnswer(set *agreements.Set, part string, a agreements.Answer) PartAnswer {
	out := PartAnswer{Part: part, Effect: a.Effect}
	for _, item := range a.Items {
		if item.Effect != a.Effect {
			continue
		}
		out.Missing = out.Missing || item.Missing
		for _, ref := range item.Clauses {
			if slices.Contains(out.Clauses, ref) {
				continue
			}
			out.Clauses = append(out.Clauses, ref)
			for _, b := range set.Bound() {
				if c, is := b.Document.Clause(ref.Clause); is && b.Agreement == ref.Agreement && b.Version == ref.Version {
					out.Words = append(out.Words, c.Words)
				}
			}
		}
	}
	return out
}

func shorter(a, b int) int {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

// parts are the parts of a packet that hold anything.
func (n NewShare) parts() []string {
	var out []string
	if n.Person != (people.Details{}) {
		out = append(out, PersonPart)
	}
	for _, i := range n.Items {
		if !slices.Contains(out, string(i.Kind)) {
			out = append(out, string(i.Kind))
		}
	}
	return out
}

// request is a share as agreements are asked about it. Its purpose follows from
// what the sender says it rests on: a child first, then somebody at serious risk.
// Another ground is given in words, which no rule reads.
func (s *Service) request(f *cases.File, n NewShare) agreements.Request {
	actor := f.Actor()
	q := agreements.Request{
		From: agreements.End{Agency: directory.AgencyID(f.Agency()), Roles: actor.Roles}, To: agreements.End{Agency: directory.AgencyID(n.To.Agency)},
		Purpose: agreements.Support, Subject: agreements.Experiencing,
	}
	for _, t := range actor.Teams {
		q.From.Teams = append(q.From.Teams, directory.TeamID(t))
	}
	if len(q.From.Teams) == 0 && f.Team() != "" { // somebody who looks after the work of the team
		q.From.Teams = append(q.From.Teams, directory.TeamID(f.Team()))
	}
	if n.To.Team != "" {
		q.To.Teams = []directory.TeamID{directory.TeamID(n.To.Team)}
	}
	if f.Side() == cases.Perpetrating {
		q.Subject, q.Purpose = agreements.Perpetrating, agreements.ManageHarm
	}
	switch {
	case n.Reason == Feedback || n.of == Feedback:
		q.Purpose = agreements.CloseLoop
	case n.Grounds.ChildAtRisk:
		q.Purpose = agreements.ProtectChild
	case n.Grounds.SeriousRisk:
		q.Purpose = agreements.ProtectAdult
	}
	for _, fact := range []struct {
		holds bool
		is    agreements.Condition
	}{
		{n.Views.Asked == Agrees, agreements.Agreed},
		{n.Grounds.SeriousRisk, agreements.SeriousRisk},
		{n.Grounds.ChildAtRisk, agreements.ChildAtRisk},
		{n.Grounds.CourtOrder, agreements.CourtOrder},
		{n.Views.Informed == Unsafe, agreements.NotTold},
	} {
		if fact.holds {
			q.Facts = append(q.Facts, fact.is)
		}
	}
	return q
}

// between are the versions in force that bind both ends.
func between(set *agreements.Set, q agreements.Request) Agreement {
	var out []string
	for _, b := range set.Bound() {
		from, isFrom := b.Document.Party(q.From.Agency)
		to, isTo := b.Document.Party(q.To.Agency)
		if isFrom && isTo && bound(from, q.From) && bound(to, q.To) {
			out = append(out, string(b.Agreement)+"/"+strconv.Itoa(b.Version))
		}
	}
	if len(out) == 0 {
		return NoAgreement
	}
	return Agreement(strings.Join(out, ","))
}

func bound(p agreements.Party, e agreements.End) bool {
	return len(p.Teams) == 0 || slices.ContainsFunc(e.Teams, func(t directory.TeamID) bool { return slices.Contains(p.Teams, t) })
}

// highRisk tells whether the risk was last identified as high.
func (s *Service) highRisk(ctx context.Context, tx *store.Tx, f *cases.File) (bool, error) {
	last, err := s.cases.Latest(ctx, tx, f, cases.RiskIdentified, 1)
	if err != nil || len(last) == 0 {
		return false, err
	}
	high, err := s.cases.Latest(ctx, tx, f, cases.HighRisk, 1)
	return err == nil && len(high) > 0 && high[0].Ref == last[0].Ref, err
}

// until is when a share expires: the shorter of what the deployment and the
// agreements say.
func (s *Service) until(tx *store.Tx, said Said) time.Time {
	end := tx.Now().AddDate(0, s.months, 0)
	if said.Days > 0 {
		if sooner := tx.Now().AddDate(0, 0, said.Days); sooner.Before(end) {
			return sooner
		}
	}
	return end
}

// keepSaid keeps what the agreements said with the envelope.
func keepSaid(ctx context.Context, tx *store.Tx, agency string, id ID, said Said) error {
	q := sharingdb.New(tx)
	for _, p := range said.Parts {
		var refs []string
		for _, r := range p.Clauses {
			refs = append(refs, r.String())
		}
		err := q.InsertAnswer(ctx, sharingdb.InsertAnswerParams{
			AgencyID: agency, ShareID: string(id), Part: p.Part, Effect: string(p.Effect), Missing: p.Missing, Clauses: strings.Join(refs, ","),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// readSaid reads what the agreements said of a share when it was sent.
func readSaid(ctx context.Context, tx *store.Tx, share Share) ([]PartAnswer, error) {
	if share.Agreement == NoAgreement || share.Agreement == "" {
		return nil, nil
	}
	rows, err := sharingdb.New(tx).Answers(ctx, sharingdb.AnswersParams{AgencyID: share.From, ShareID: string(share.ID)})
	if err != nil {
		return nil, err
	}
	var out []PartAnswer
	for _, row := range rows {
		p := PartAnswer{Part: row.Part, Effect: agreements.Effect(row.Effect), Missing: row.Missing}
		for text := range strings.SplitSeq(row.Clauses, ",") {
			if ref, ok := refOf(text); ok {
				p.Clauses = append(p.Clauses, ref)
			}
		}
		out = append(out, p)
	}
	return out, nil
}

func refOf(text string) (agreements.Ref, bool) {
	parts := strings.Split(text, "/")
	if len(parts) != 3 {
		return agreements.Ref{}, false
	}
	version, err := strconv.Atoi(parts[1])
	return agreements.Ref{Agreement: agreements.ID(parts[0]), Version: version, Clause: parts[2]}, err == nil
}
