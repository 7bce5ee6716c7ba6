// Command waymark runs a local area's multi-agency response to domestic
// violence and abuse. "waymark --help" says how.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"os/user"
	"path/filepath"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"waymark/internal/platform/backup"
	"waymark/internal/platform/keyring"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/agreements"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/guideline/official"
)

// The exit codes. They are part of what scripts may rely on.
const (
	exitOK         = 0
	exitFailure    = 1  // anything not named below
	exitUsage      = 2  // the command line could not be understood
	exitNotSetUp   = 3  // nothing is set up there, or its tables are older than the binary
	exitRefused    = 4  // what was given was refused, and nothing was changed
	exitFaults     = 5  // the ledger was read and is not whole
	exitKey        = 6  // the key is missing or does not open the data
	exitDenied     = 7  // the rules do not allow it
	exitNotThere   = 8  // no such version, agency or team
	exitWrongPlace = 9  // a demo on real data, real data on a demo, or an address that is not loopback
	exitGone       = 10 // the place was set up before, and its database is no longer there
)

const exitCodes = `Exit codes: 0 done; 1 failed; 2 the command line was not understood; 3 nothing is set
up there (or "waymark migrate" is due); 4 what was given was refused; 5 the ledger is not
whole; 6 the key is missing or wrong; 7 the rules do not allow it; 8 no such record;
9 a demo on real data, or the other way round; 10 the database of this place is gone.`

type cli struct {
	Data        string `help:"Data directory of the embedded database. Not used with a PostgreSQL address." placeholder:"DIR" env:"WAYMARK_DATA" type:"path"`
	DatabaseURL string `help:"PostgreSQL address; without it the embedded database is used." placeholder:"URL" env:"DATABASE_URL" name:"database-url"`
	Key         string `help:"Key file. Made at first set-up; by default in the configuration directory of the user, never with the data." placeholder:"FILE" env:"WAYMARK_KEY" type:"path"`
	KeyCommand  string `help:"Command that prints the key, as for a key management service; instead of a file. Where secrets come in the environment, WAYMARK_KEY_TEXT holds the key itself." placeholder:"COMMAND" name:"key-command" env:"WAYMARK_KEY_COMMAND"`
	As          string `help:"Operator's name for the ledger; by default the name you are signed in with on this machine." placeholder:"NAME"`

	Serve     serveCommand     `cmd:"" help:"Serve the pages."`
	Migrate   migrateCommand   `cmd:"" help:"Bring the tables up to date."`
	Guideline guidelineCommand `cmd:"" help:"Import, list, show and compare versions of the guideline."`
	Forms     formsCommand     `cmd:"" help:"Check question sets, add and list them, and write them out."`
	Pathway   pathwayCommand   `cmd:"" help:"Check local pathways, publish and list them, and write them out."`
	Agreement agreementCommand `cmd:"" help:"Information-sharing agreements: list, show, check and add them, and ask them."`
	Agency    agencyCommand    `cmd:"" help:"Agencies of the partnership."`
	Team      teamCommand      `cmd:"" help:"Teams of an agency."`
	User      userCommand      `cmd:"" help:"People who sign in."`
	Marac     maracCommand     `cmd:"" help:"Multi-agency risk assessment conferences."`
	Measures  measuresCommand  `cmd:"" help:"Count the measures of a period."`
	Audit     auditCommand     `cmd:"" help:"The ledger."`
	Keys      keyCommand       `cmd:"" name:"keys" help:"Renew and destroy keys."`
	Backup    backupCommand    `cmd:"" help:"Copy the whole deployment to one encrypted file, while work goes on, and read it back."`
	Restore   restoreCommand   `cmd:"" help:"Fill a new directory or database from a backup."`
	Doctor    doctorCommand    `cmd:"" help:"Look at clock, key, files, database, transport and backups, and say what to mend."`
	Version   versionCommand   `cmd:"" help:"Print the version of this binary."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the whole program but for the process around it.
func run(ctx context.Context, args []string, out, errs io.Writer) int {
	var c cli
	code := -1
	parser, err := kong.New(&c,
		kong.Name("waymark"),
		kong.Description("Runs a local area's multi-agency response to domestic violence and abuse.\n\n"+exitCodes),
		kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.Writers(out, errs),
		kong.Vars{
			"sectors": "Kind of agency: " + listed(directory.Sectors()) + ".", "roles": "What they do: " + listed(policy.Roles()),
			"purposes": listed(agreements.Purposes()), "subjects": listed(agreements.Subjects()), "kinds": listed(agreements.Kinds()), "conditions": listed(agreements.Conditions()),
		},
		kong.Exit(func(n int) { code = n }),
	)
	if err != nil {
		fmt.Fprintln(errs, err)
		return exitFailure
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	if code >= 0 {
		return code // --help has been printed
	}
	if err != nil {
		fmt.Fprintf(errs, "waymark: %v\n", err)
		fmt.Fprintln(errs, `Try "waymark --help".`)
		return exitUsage
	}
	err = parsed.Run(&shell{ctx: ctx, cli: &c, out: out, errs: errs})
	if err != nil {
		fmt.Fprintf(errs, "waymark: %v\n", err)
	}
	return exitCode(err)
}

// listed puts the values of an enumeration into a line of help.
func listed[T ~string](values []T) string {
	var words []string
	for _, v := range values {
		words = append(words, string(v))
	}
	return strings.Join(words, ", ")
}

func exitCode(err error) int {
	var refused *official.Refused
	switch _, denied := policy.IsDenied(err); {
	case err == nil:
		return exitOK
	case denied:
		return exitDenied
	case errors.Is(err, errUsage), errors.Is(err, keyring.ErrReason):
		return exitUsage
	case errors.Is(err, errGone):
		return exitGone
	case errors.Is(err, errNotSetUp):
		return exitNotSetUp
	case errors.Is(err, errFaults):
		return exitFaults
	case errors.Is(err, store.ErrWrongKey):
		return exitKey
	case errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrDestroyed):
		return exitNotThere
	case errors.Is(err, store.ErrKind), errors.Is(err, errWrongPlace):
		return exitWrongPlace
	case errors.As(err, &refused), errors.Is(err, errRefused), isFormRefused(err), isAgreementRefused(err), errors.Is(err, store.ErrExists),
		errors.Is(err, backup.ErrDamaged), errors.Is(err, backup.ErrNotEmpty):
		return exitRefused
	}
	return exitFailure
}

var (
	errUsage      = errors.New("the command line was not understood")
	errFaults     = errors.New("the ledger is not whole")
	errRefused    = errors.New("refused")
	errWrongPlace = errors.New("not here")
)

// shell is what every command is run with.
type shell struct {
	ctx  context.Context //nolint:containedctx // the life of one command
	cli  *cli
	out  io.Writer
	errs io.Writer
}

// place is where the command line says the deployment is.
func (s *shell) place() (place, error) {
	p := place{Dir: s.cli.Data, URL: s.cli.DatabaseURL, Key: s.cli.Key, KeyText: os.Getenv(keyVariable), KeyCommand: s.cli.KeyCommand}
	if p.URL == "" && p.Dir == "" {
		base := os.Getenv("XDG_DATA_HOME")
		if base == "" {
			home, err := os.UserHomeDir()
			if err != nil {
				return p, fmt.Errorf("%w: say with --data where the data is to lie", errUsage)
			}
			base = filepath.Join(home, ".local", "share")
		}
		p.Dir = filepath.Join(base, "waymark")
	}
	return p, nil
}

// operator is who acts on the command line.
func (s *shell) operator() policy.Actor {
	name := s.cli.As
	if name == "" {
		name = "unknown"
		if u, err := user.Current(); err == nil && u.Username != "" {
			name = u.Username
		}
	}
	return policy.Actor{Account: "operator:" + name, Kind: policy.Operator, Name: name}
}

// open opens the deployment for a command; create says whether the command may
// set a new one up.
func (s *shell) open(create bool) (*waymark, error) {
	p, err := s.place()
	if err != nil {
		return nil, err
	}
	kind := store.Real
	if !create {
		kind = store.Any
	}
	clock := &commandClock{}
	db, err := p.open(s.ctx, opening{create: create, kind: kind, clock: clock.now, notes: s.errs})
	if err != nil {
		return nil, err
	}
	w, err := wire(db)
	if err == nil {
		err = clock.inDemo(s.ctx, w)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return w, nil
}

type versionCommand struct{}

func (versionCommand) Run(s *shell) error {
	_, err := fmt.Fprintln(s.out, "waymark "+binaryVersion())
	return err
}

// version is set by the build from the state of the repository.
var version = ""

func binaryVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "development"
}
