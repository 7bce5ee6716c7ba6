// Package house holds the rules of the house that a compiler does not know, as tests: which package
// may import which, what may not be called, that generated code is current, that the obligations
// named in comments exist, that decision records and migrations are numbered and landed ones stay as
// they are.
//
// Words: a floor is a folder of internal (platform, registers, casework, planning); a capability is
// a package on a floor; a page package is the child of a capability that holds its pages (riskweb);
// a component library is a package that every page package may use (web/ui).
//
// Rules: each check takes the tree it looks at and returns the problems it found, one sentence each,
// saying what to do. So each is proved on planted faults (testdata) as well as run on this tree.
// Nothing in the product imports this package; the program in scripts/generated does, to write what
// the tests compare.
package house
