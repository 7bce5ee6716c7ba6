package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"

	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/agreements"
	"waymark/internal/registers/directory"
)

type agreementCommand struct {
	List    agreementListCommand    `cmd:"" help:"List the information-sharing agreements with their versions."`
	Show    agreementShowCommand    `cmd:"" help:"Write what a version says to standard output, as a file that can be added again."`
	Check   agreementCheckCommand   `cmd:"" help:"Say everything that keeps a file from being used as an agreement, and which of its clauses contradict. Exit code 0: it can be used; 4: it cannot. Nothing is opened or changed."`
	Add     agreementAddCommand     `cmd:"" help:"Add an agreement as a draft of an agency. Its key contact puts it to the parties."`
	Explain agreementExplainCommand `cmd:"" help:"Ask the agreements in force what may be shared, and which clauses say so."`
}

// isAgreementRefused says whether an agreement was refused.
func isAgreementRefused(err error) bool {
	var problems agreements.Problems
	return errors.As(err, &problems)
}

// maxAgreementFile is more than any agreement may be.
const maxAgreementFile = 4 << 20

func readAgreement(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errRefused, err)
	}
	if info.Size() > maxAgreementFile {
		return nil, fmt.Errorf("%w: %s is larger than any agreement", errRefused, path)
	}
	data, err := os.ReadFile(path) //nolint:gosec // the operator names the file
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errRefused, err)
	}
	return data, nil
}

// sayWrong prints what is wrong with an agreement, a line each.
func (s *shell) sayWrong(err error) {
	var problems agreements.Problems
	if errors.As(err, &problems) {
		for _, p := range problems {
			fmt.Fprintf(s.out, "refused: %s\n", p)
		}
	}
	if errs, ok := forms.AsErrors(err); ok {
		for _, e := range errs.List() {
			fmt.Fprintf(s.out, "refused: %s: %s\n", e.Field, e.Message)
		}
	}
}

type agreementListCommand struct{}

func (agreementListCommand) Run(s *shell) (err error) {
	w, err := s.open(true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	list, err := w.agreed.List(s.ctx, s.operator())
	if err != nil {
		return err
	}
	places, err := w.agreed.Places(s.ctx, s.operator())
	if err != nil {
		return err
	}
	t := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "AGREEMENT\tVERSION\tSTATUS\tPARTIES\tWRITTEN BY\tFIRST DAY\tREVIEW\tTITLE")
	for _, a := range list {
		for _, v := range a.Versions {
			review := v.Document.ReviewOn
			if v.Overdue(w.agreed.Today()) {
				review += " overdue"
			}
			fmt.Fprintf(t, "%s\t%d\t%s\t%d\t%s\t%s\t%s\t%s\n", a.ID, v.Number, v.State.Label(), len(v.Document.Parties), places.Code(a.Author, ""), v.Document.StartOn, review, v.Document.Title)
		}
	}
	return t.Flush()
}

type agreementShowCommand struct {
	Agreement string `arg:"" help:"Agreement, as listed."`
	Version   int    `help:"Number of the version; without it the one in force, or else the latest." placeholder:"NUMBER"`
}

func (c agreementShowCommand) Run(s *shell) (err error) {
	w, err := s.open(true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	a, err := w.agreed.Get(s.ctx, s.operator(), agreements.ID(c.Agreement))
	if err != nil {
		return fmt.Errorf("agreement %s: %w", c.Agreement, err)
	}
	v, ok := a.Version(c.Version)
	if !ok {
		return fmt.Errorf("version %d of agreement %s: %w", c.Version, c.Agreement, store.ErrNotFound)
	}
	places, err := w.agreed.Places(s.ctx, s.operator())
	if err != nil {
		return err
	}
	out := json.NewEncoder(s.out)
	out.SetIndent("", "  ")
	out.SetEscapeHTML(false)
	return out.Encode(agreements.FileOf(v.Document, places.Code))
}

type agreementCheckCommand struct {
	File string `arg:"" help:"Agreement, as JSON: agencies and teams by their codes." type:"path"`
}

func (c agreementCheckCommand) Run(s *shell) error {
	data, err := readAgreement(c.File)
	if err != nil {
		return err
	}
	d, err := agreements.ParseFile(data)
	if err != nil {
		s.sayWrong(err)
		return fmt.Errorf("%w: %s cannot be used as it is", errRefused, c.File)
	}
	for _, f := range agreements.Conflicts(d) {
		switch f.Kind {
		case agreements.Differs:
			fmt.Fprintf(s.out, "note: clause %s and clause %s can both apply: then the answer is %q\n", f.Clause.ID, f.Other.Clause, f.Wins.Label())
		case agreements.Unreachable:
			fmt.Fprintf(s.out, "note: clause %s never decides anything: clause %s wins wherever it applies\n", f.Clause.ID, f.Other.Clause)
		default:
			fmt.Fprintf(s.out, "note: before it is signed: %s\n", strings.ReplaceAll(string(f.Kind), "_", " "))
		}
	}
	_, err = fmt.Fprintf(s.out, "%s can be used: %d parties, %d clauses\n", d.Title, len(d.Parties), len(d.Clauses))
	return err
}

type agreementAddCommand struct {
	File   string `arg:"" help:"Agreement, as JSON: agencies and teams by their codes." type:"path"`
	Agency string `help:"Code of the agency that writes it; one of its parties." required:"" placeholder:"CODE"`
}

func (c agreementAddCommand) Run(s *shell) (err error) {
	data, err := readAgreement(c.File)
	if err != nil {
		return err
	}
	d, err := agreements.ParseFile(data)
	if err != nil {
		s.sayWrong(err)
		return fmt.Errorf("%w: %s cannot be used as it is", errRefused, c.File)
	}
	w, err := s.open(true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	places, err := w.agreed.Places(s.ctx, s.operator())
	if err != nil {
		return err
	}
	author, _, err := places.Find(c.Agency, "")
	if err != nil {
		return fmt.Errorf("agency %s: %w", c.Agency, err)
	}
	if d, err = agreements.Resolve(d, places.Find); err == nil {
		var id agreements.ID
		if id, err = w.agreed.AddFile(s.ctx, s.operator(), author, d); err == nil {
			_, err = fmt.Fprintf(s.out, "%s: added as a draft of %s\n", id, c.Agency)
			return err
		}
	}
	if _, wrong := forms.AsErrors(err); wrong || isAgreementRefused(err) {
		s.sayWrong(err)
		return fmt.Errorf("%w: %s cannot be used as it is", errRefused, c.File)
	}
	return err
}

type agreementExplainCommand struct {
	From    string   `help:"Who would send it: code of the agency, or agency/team." required:"" placeholder:"CODE"`
	To      string   `help:"Who would receive it: code of the agency, or agency/team." required:"" placeholder:"CODE"`
	Role    string   `help:"Role of whoever sends: practitioner, specialist or manager." placeholder:"ROLE"`
	Purpose string   `help:"What for: ${purposes}." required:"" placeholder:"PURPOSE"`
	About   string   `help:"About whom: ${subjects}." required:"" placeholder:"PERSON"`
	What    []string `help:"Which information: ${kinds}." required:"" placeholder:"KIND"`
	When    []string `help:"What holds: ${conditions}." placeholder:"CONDITION"`
}

// one reads a code from a list.
func one[T ~string](list []T, text, what string) (T, error) {
	for _, v := range list {
		if string(v) == text {
			return v, nil
		}
	}
	return "", fmt.Errorf("%w: %q is no %s; they are %s", errUsage, text, what, listed(list))
}

func (c agreementExplainCommand) request(places agreements.Places) (q agreements.Request, err error) {
	for _, side := range []struct {
		text string
		end  *agreements.End
	}{{c.From, &q.From}, {c.To, &q.To}} {
		agency, team, _ := strings.Cut(side.text, "/")
		a, t, err := places.Find(agency, team)
		if err != nil {
			return q, fmt.Errorf("%s: %w", side.text, err)
		}
		side.end.Agency = a
		if t != "" {
			side.end.Teams = []directory.TeamID{t}
		}
	}
	if c.Role != "" {
		role, err := one(agreements.Roles(), c.Role, "role of whoever sends")
		if err != nil {
			return q, err
		}
		q.From.Roles = []policy.Role{role}
	}
	if q.Purpose, err = one(agreements.Purposes(), c.Purpose, "purpose"); err != nil {
		return q, err
	}
	if q.Subject, err = one(agreements.Subjects(), c.About, "kind of person"); err != nil {
		return q, err
	}
	for _, text := range c.What {
		kind, err := one(agreements.Kinds(), text, "kind of information")
		if err != nil {
			return q, err
		}
		q.Kinds = append(q.Kinds, kind)
	}
	for _, text := range c.When {
		fact, err := one(agreements.Conditions(), text, "condition")
		if err != nil {
			return q, err
		}
		q.Facts = append(q.Facts, fact)
	}
	return q, nil
}

func (c agreementExplainCommand) Run(s *shell) (err error) {
	w, err := s.open(true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	places, err := w.agreed.Places(s.ctx, s.operator())
	if err != nil {
		return err
	}
	q, err := c.request(places)
	if err != nil {
		return err
	}
	answer, set, err := w.agreed.Explain(s.ctx, s.operator(), q)
	if err != nil {
		return err
	}
	for _, item := range answer.Items {
		fmt.Fprintf(s.out, "%s: %s\n", item.Kind.Label(), item.Effect.Label())
		if item.Missing {
			fmt.Fprintln(s.out, "  No clause in force speaks of this.")
		}
		for _, ref := range item.Clauses {
			for _, b := range set.Bound() {
				if clause, is := b.Document.Clause(ref.Clause); is && b.Agreement == ref.Agreement && b.Version == ref.Version {
					fmt.Fprintf(s.out, "  Clause %s of %s, version %d: %s\n", ref.Clause, b.Document.Title, ref.Version, clause.Words)
				}
			}
		}
	}
	return nil
}
