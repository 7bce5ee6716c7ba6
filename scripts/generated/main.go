// Command generated writes the lists in docs/generated that tests compare with the tree, and adds new
// migrations to migrations/hashes.sum. It runs at the top of the checkout, as the last step of
// `make generate`.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"waymark/internal/house"
)

func main() {
	if err := run("."); err != nil {
		fmt.Fprintln(os.Stderr, "generated:", err)
		os.Exit(1)
	}
}

func run(root string) error {
	tree := os.DirFS(root)
	migrations, err := house.LandMigrations(tree, onlyHere(root))
	if err != nil {
		return err
	}
	if err := write(root, house.MigrationSums, migrations); err != nil {
		return err
	}
	page, data, err := house.ObligationLists(tree)
	if err != nil {
		return err
	}
	if err := write(root, house.ObligationsPage, page); err != nil {
		return err
	}
	if err := write(root, house.ObligationsData, data); err != nil {
		return err
	}
	inputs, err := house.Inputs(tree)
	if err != nil {
		return err
	}
	return write(root, house.InputsFile, inputs)
}

// onlyHere says of a migration that it has never been committed, so that no database but the author's
// has run it and it may still be changed. Where git cannot say, everything counts as committed.
func onlyHere(root string) func(file string) bool {
	git := func(args ...string) bool {
		cmd := exec.Command("git", args...)
		cmd.Dir = root
		return cmd.Run() == nil
	}
	return func(file string) bool {
		return git("rev-parse", "--git-dir") && !git("cat-file", "-e", "HEAD:"+file)
	}
}

// write leaves a file alone that already says what it should.
func write(root, file, text string) error {
	name := filepath.Join(root, filepath.FromSlash(file))
	if was, err := os.ReadFile(name); err == nil && string(was) == text {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, []byte(text), 0o644)
}
