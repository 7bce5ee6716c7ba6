package house

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"strings"
)

// eachFile calls visit for every file of the project below dir, in order of name. What is not the
// project's own text is left out: hidden folders, built files, test data, other modules. A folder
// that is not there has no files.
func eachFile(tree fs.FS, dir string, visit func(file string) error) error {
	return fs.WalkDir(tree, dir, func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil && file == dir && errors.Is(err, fs.ErrNotExist):
			return fs.SkipAll
		case err != nil:
			return err
		case !d.IsDir():
			return visit(file)
		case file != dir && (notOurs(d.Name()) || exists(tree, path.Join(file, "go.mod"))):
			return fs.SkipDir
		}
		return nil
	})
}

func notOurs(dir string) bool {
	return strings.HasPrefix(dir, ".") || strings.HasPrefix(dir, "_") ||
		dir == "testdata" || dir == "node_modules" || dir == "bin"
}

func exists(tree fs.FS, file string) bool {
	_, err := fs.Stat(tree, file)
	return err == nil
}

// eachGoFile parses every Go file below dir, comments included.
func eachGoFile(tree fs.FS, dir string, visit func(file string, f *ast.File)) error {
	return eachFile(tree, dir, func(file string) error {
		if !strings.HasSuffix(file, ".go") {
			return nil
		}
		text, err := fs.ReadFile(tree, file)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return fmt.Errorf("parse: %w", err)
		}
		visit(file, f)
		return nil
	})
}
