package store

import (
	"slices"
	"strings"
	"testing"
)

func TestNumbered(t *testing.T) {
	for in, want := range map[string]string{
		`SELECT $2, $1`:                        `SELECT ?2, ?1`,
		`SELECT '$1', "a$2", $1`:               `SELECT '$1', "a$2", ?1`,
		`SELECT 'it''s $1' || $12`:             `SELECT 'it''s $1' || ?12`,
		"SELECT $1 -- not $2\n, $3":            "SELECT ?1 -- not $2\n, ?3",
		`SELECT /* $1 */ $1`:                   `SELECT /* $1 */ ?1`,
		`SELECT a$ FROM b`:                     `SELECT a$ FROM b`,
		`SELECT 'open`:                         `SELECT 'open`,
		`SELECT /* open $1`:                    `SELECT /* open $1`,
		`UPDATE t SET a = $1 WHERE b->>'x'=$2`: `UPDATE t SET a = ?1 WHERE b->>'x'=?2`,
	} {
		if got := rewriteNumbered(in); got != want {
			t.Errorf("%s\n got %s\nwant %s", in, got, want)
		}
	}
}

func FuzzNumbered(f *testing.F) {
	f.Add(`SELECT $1, '$2', "$3" -- $4`)
	f.Add("/* $1")
	f.Fuzz(func(t *testing.T, q string) {
		got := rewriteNumbered(q)
		if len(got) != len(q) {
			t.Fatalf("%q became %q", q, got)
		}
		if strings.Map(dollarless, got) != strings.Map(dollarless, q) {
			t.Fatalf("%q became %q", q, got)
		}
	})
}

func dollarless(r rune) rune {
	if r == '$' || r == '?' {
		return '#'
	}
	return r
}

func TestWhereRenumbers(t *testing.T) {
	var w Where
	w.And(Fragment{SQL: "a = $1 OR b = $2", Args: []any{1, 2}})
	w.And(Fragment{})
	w.And(Fragment{SQL: "c = $1 AND d <> '$1'", Args: []any{3}})
	sql, args := w.SQL()
	if want := "(a = $1 OR b = $2) AND (c = $3 AND d <> '$1')"; sql != want || len(args) != 3 {
		t.Errorf("got %s %v", sql, args)
	}
	if got := w.Arg(50); got != "$4" {
		t.Errorf("got %s", got)
	}
	if sql, _ := new(Where).SQL(); sql != "true" {
		t.Errorf("no condition: %s", sql)
	}
}

func TestFragmentsAreJoinedWithTheirOwnArguments(t *testing.T) {
	got := Join([]Fragment{
		{SQL: "a = $1 OR b = $2", Args: []any{1, 2}},
		{SQL: "'$1' = c"},
		{SQL: "d = $2 AND e = $1", Args: []any{3, 4}},
	}, " / ")
	want := "a = $1 OR b = $2 / '$1' = c / d = $4 AND e = $3"
	if got.SQL != want || !slices.Equal(got.Args, []any{1, 2, 3, 4}) {
		t.Errorf("%q with %v", got.SQL, got.Args)
	}
	if none := Join(nil, " / "); none.SQL != "" || none.Args != nil {
		t.Errorf("nothing joined is %+v", none)
	}
}
