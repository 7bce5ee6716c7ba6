package main

import (
	"errors"
	"fmt"
	"os"
	"text/tabwriter"

	"waymark/internal/casework/risk"
	"waymark/internal/platform/forms"
	"waymark/internal/registers/questions"
)

type formsCommand struct {
	Check  formsCheckCommand  `cmd:"" help:"Say everything that keeps a file from being used as a question set. Exit code 0: it can be used; 4: it cannot. Nothing is opened or changed."`
	Add    formsAddCommand    `cmd:"" help:"Add a question set, or replace one that nobody has answered yet."`
	List   formsListCommand   `cmd:"" help:"List the question sets: those that ship, and those that were added."`
	Export formsExportCommand `cmd:"" help:"Write a question set to standard output, as it came."`
}

// isFormRefused says whether a question set was refused.
func isFormRefused(err error) bool {
	var problems forms.Problems
	return errors.As(err, &problems) || errors.Is(err, questions.ErrAnswered) || errors.Is(err, questions.ErrShips)
}

// maxFormFile is more than any question set may be.
const maxFormFile = 16 << 20

func readForm(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errRefused, err)
	}
	if info.Size() > maxFormFile {
		return nil, fmt.Errorf("%w: %s is larger than any question set", errRefused, path)
	}
	data, err := os.ReadFile(path) //nolint:gosec // the operator names the file
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errRefused, err)
	}
	return data, nil
}

// place is where in the file a problem is.
func placeOf(p forms.Problem, paths map[string]string) string {
	switch path := paths[p.LinkID]; {
	case p.LinkID == "":
		return "form"
	case path == "":
		return fmt.Sprintf("item %q", p.LinkID)
	default:
		return fmt.Sprintf("item %q (%s)", p.LinkID, path)
	}
}

func (s *shell) sayProblems(err error, data []byte) {
	var problems forms.Problems
	if !errors.As(err, &problems) {
		return
	}
	paths := forms.Paths(data)
	for _, p := range problems {
		fmt.Fprintf(s.out, "refused: %s: %s\n", placeOf(p, paths), p.Reason)
	}
}

type formsCheckCommand struct {
	File  string `arg:"" help:"FHIR R4 Questionnaire, as JSON." type:"path"`
	Rules string `help:"Rule file of an instrument: what its answers mean for risk." type:"path" placeholder:"FILE"`
}

// readRules reads the rule file beside a question set; none when none is named.
func readRules(path string) ([]byte, error) {
	if path == "" {
		return nil, nil
	}
	return readForm(path)
}

func (c formsCheckCommand) Run(s *shell) error {
	data, err := readForm(c.File)
	if err != nil {
		return err
	}
	q, err := forms.ParseQuestionnaire(data)
	if err != nil {
		s.sayProblems(err, data)
		return fmt.Errorf("%w: %s cannot be used as it is", errRefused, c.File)
	}
	rules, err := readRules(c.Rules)
	if err != nil {
		return err
	}
	if c.Rules != "" {
		if err := risk.CheckRules(q, rules); err != nil {
			s.sayProblems(err, data)
			return fmt.Errorf("%w: %s cannot be used as it is", errRefused, c.Rules)
		}
	}
	paths := forms.Paths(data)
	for _, n := range q.Notices() {
		fmt.Fprintf(s.out, "note: %s: %s\n", placeOf(n, paths), n.Reason)
	}
	items, asked := 0, 0
	for i := range q.All() {
		items++
		if i.IsQuestion() {
			asked++
		}
	}
	_, err = fmt.Fprintf(s.out, "%s can be used: %s, %d items, %d questions\n", q.Canonical(), q.Title, items, asked)
	return err
}

type formsAddCommand struct {
	File  string `arg:"" help:"FHIR R4 Questionnaire, as JSON." type:"path"`
	Rules string `help:"Rule file: makes the set an instrument that risk is identified with. It stands and falls with the set." type:"path" placeholder:"FILE"`
}

func (c formsAddCommand) Run(s *shell) (err error) {
	data, err := readForm(c.File)
	if err != nil {
		return err
	}
	rules, err := readRules(c.Rules)
	if err != nil {
		return err
	}
	w, err := s.open(true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	set, outcome, err := w.questions.AddFile(s.ctx, s.operator(), questions.File{Form: data, Rules: rules, Check: risk.CheckRules})
	if err != nil {
		s.sayProblems(err, data)
		if isFormRefused(err) && !errors.Is(err, questions.ErrAnswered) && !errors.Is(err, questions.ErrShips) {
			return fmt.Errorf("%w: %s cannot be used as it is", errRefused, c.File)
		}
		return err
	}
	_, err = fmt.Fprintf(s.out, "%s: %s\n", set.Canonical(), outcome.Label())
	return err
}

type formsListCommand struct{}

func (formsListCommand) Run(s *shell) (err error) {
	w, err := s.open(true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	sets, err := w.questions.List(s.ctx)
	if err != nil {
		return err
	}
	t := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "SET\tSTATUS\tITEMS\tRULES\tADDED\tANSWERED\tTITLE")
	for _, set := range sets {
		added, answered := "ships with Waymark", "not yet"
		if set.Ships {
			answered = ""
		} else {
			added = set.AddedAt.Format("2006-01-02 15:04")
		}
		if !set.AnsweredAt.IsZero() {
			answered = "since " + set.AnsweredAt.Format("2006-01-02")
		}
		rules := "none"
		if set.Ruled {
			rules = "with it"
		}
		fmt.Fprintf(t, "%s\t%s\t%d\t%s\t%s\t%s\t%s\n", set.Canonical(), set.Status, set.Items, rules, added, answered, set.Title)
	}
	return t.Flush()
}

type formsExportCommand struct {
	Set   string `arg:"" help:"Set, as listed: its address, a vertical bar, and its version." placeholder:"ADDRESS|VERSION"`
	Rules bool   `help:"Write its rule file instead."`
}

func (c formsExportCommand) Run(s *shell) (err error) {
	w, err := s.open(true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	data, err := w.questions.Export(s.ctx, c.Set)
	if err == nil && c.Rules {
		data, err = w.questions.Rules(s.ctx, c.Set)
	}
	if err != nil {
		return fmt.Errorf("question set %s: %w", c.Set, err)
	}
	_, err = s.out.Write(data)
	return err
}
