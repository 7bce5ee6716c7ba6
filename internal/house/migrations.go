package house

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// MigrationSums keeps the fingerprints of the migrations, in the order in which they landed. Lines
// are only ever added to it: a database in the field has run what they name.
const MigrationSums = "migrations/hashes.sum"

const migrationsHead = "# Fingerprints of the migrations. Lines are added, never changed: a step that has landed is followed by another.\n"

var migrationName = regexp.MustCompile(`^([0-9]{4})_[a-z][a-z0-9_]*\.sql$`)

// Migrations checks that no two migrations have the same number, that what has landed is as it was, and
// that nothing lands behind it: a database that has run number 7 would never run a later number 6.
func Migrations(tree fs.FS) ([]string, error) {
	files, err := migrationFiles(tree)
	if err != nil {
		return nil, err
	}
	var problems []string
	numbers := map[string]string{}
	for _, file := range files {
		number := migrationName.FindStringSubmatch(path.Base(file))
		switch {
		case number == nil:
			problems = append(problems, file+" is not named NNNN_capability.sql")
		case numbers[number[1]] != "":
			problems = append(problems, fmt.Sprintf("%s has the number of %s", file, numbers[number[1]]))
		default:
			numbers[number[1]] = file
		}
	}
	text, changed, missing, bad, err := landed(tree, files)
	if err != nil {
		return nil, err
	}
	problems = append(problems, bad...)
	if names := listedNames(text); !slices.IsSorted(names) {
		problems = append(problems, MigrationSums+" is not in the order of the numbers: a step has landed behind a later one; give it the next number")
	}
	for _, file := range changed {
		problems = append(problems, file+" has changed since it landed, or is gone: take the change back and add a step that makes it")
	}
	for _, file := range missing {
		problems = append(problems, file+" is not in "+MigrationSums+": run make generate")
	}
	return problems, nil
}

// LandMigrations returns what MigrationSums must say: what it says of migrations that have left this
// checkout, and the others after them in the order of their numbers. A migration that has left and
// differs from what is recorded is refused.
func LandMigrations(tree fs.FS, onlyHere func(file string) bool) (string, error) {
	files, err := migrationFiles(tree)
	if err != nil {
		return "", err
	}
	text, changed, _, bad, err := landed(tree, files)
	if err != nil {
		return "", err
	}
	if len(bad) > 0 {
		return "", errors.New(strings.Join(bad, "\n"))
	}
	for _, file := range changed {
		if !onlyHere(file) {
			return "", fmt.Errorf("%s has changed since it landed, or is gone: take the change back and add a step that makes it", file)
		}
	}
	var b strings.Builder
	b.WriteString(migrationsHead)
	kept := map[string]bool{}
	for l := range strings.Lines(text) {
		if _, name, found := strings.Cut(strings.TrimSpace(l), "  "); found && !onlyHere("migrations/"+name) {
			b.WriteString(l)
			kept["migrations/"+name] = true
		}
	}
	for _, file := range files {
		if kept[file] {
			continue
		}
		step, err := fs.ReadFile(tree, file)
		if err != nil {
			return "", err
		}
		b.WriteString(fingerprint(step) + "  " + path.Base(file) + "\n")
	}
	return b.String(), nil
}

// listedNames are the migrations of a list in its order.
func listedNames(text string) []string {
	var names []string
	for l := range strings.Lines(text) {
		if _, name, found := strings.Cut(strings.TrimSpace(l), "  "); found && !strings.HasPrefix(l, "#") {
			names = append(names, name)
		}
	}
	return names
}

func migrationFiles(tree fs.FS) ([]string, error) {
	files, err := fs.Glob(tree, "migrations/*.sql")
	slices.Sort(files)
	return files, err
}

// landed compares the migrations with MigrationSums: its text, the files that differ from it or are
// gone, those that are not in it yet, and what is wrong with the list itself.
func landed(tree fs.FS, files []string) (text string, changed, missing, bad []string, err error) {
	raw, err := fs.ReadFile(tree, MigrationSums)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", nil, nil, nil, err
	}
	sums, bad := readSums(MigrationSums, string(raw))
	for _, file := range files {
		step, err := fs.ReadFile(tree, file)
		if err != nil {
			return "", nil, nil, nil, err
		}
		switch was, known := sums[path.Base(file)]; {
		case !known:
			missing = append(missing, file)
		case was != fingerprint(step):
			changed = append(changed, file)
		}
		delete(sums, path.Base(file))
	}
	for name := range sums {
		changed = append(changed, "migrations/"+name)
	}
	slices.Sort(changed)
	return string(raw), changed, missing, bad, nil
}
