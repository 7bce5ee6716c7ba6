package fhirpath

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

type tokenKind int

const (
	tokEnd tokenKind = iota
	tokName
	tokQuotedName // `name`
	tokString
	tokNumber
	tokTemporal // @…
	tokVariable // %name
	tokSpecial  // $this
	tokSymbol
)

type token struct {
	kind tokenKind
	text string
	pos  int // in characters
}

// maxLength is how long an expression may be.
const maxLength = 20_000

type lexer struct {
	text []rune
	at   int
}

func lex(text string) ([]token, error) {
	if len(text) > maxLength {
		return nil, fail(0, "the expression is longer than %d bytes", maxLength)
	}
	if !utf8.ValidString(text) {
		return nil, fail(0, "the expression is not UTF-8 text")
	}
	l := &lexer{text: []rune(text)}
	var all []token
	for {
		t, err := l.next()
		if err != nil {
			return nil, err
		}
		all = append(all, t)
		if t.kind == tokEnd {
			return all, nil
		}
	}
}

func (l *lexer) peek(ahead int) rune {
	if l.at+ahead < len(l.text) {
		return l.text[l.at+ahead]
	}
	return 0
}

func isLetter(c rune) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' }

func isDigit(c rune) bool { return c >= '0' && c <= '9' }

func (l *lexer) space() error {
	for l.at < len(l.text) {
		switch c := l.peek(0); {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			l.at++
		case c == '/' && l.peek(1) == '/':
			for l.at < len(l.text) && l.peek(0) != '\n' && l.peek(0) != '\r' {
				l.at++
			}
		case c == '/' && l.peek(1) == '*':
			from := l.at
			for l.at += 2; l.peek(0) != '*' || l.peek(1) != '/'; l.at++ {
				if l.at >= len(l.text) {
					return fail(from, "the comment has no end")
				}
			}
			l.at += 2
		default:
			return nil
		}
	}
	return nil
}

func (l *lexer) next() (token, error) {
	if err := l.space(); err != nil {
		return token{}, err
	}
	from := l.at
	c := l.peek(0)
	switch {
	case l.at >= len(l.text):
		return token{kind: tokEnd, pos: from}, nil
	case isLetter(c):
		return token{tokName, l.name(), from}, nil
	case isDigit(c):
		return l.number(), nil
	case c == '\'' || c == '"':
		text, err := l.quoted(c)
		return token{tokString, text, from}, err
	case c == '`':
		text, err := l.quoted(c)
		return token{tokQuotedName, text, from}, err
	case c == '@':
		l.at++
		return l.temporal(from)
	case c == '%':
		l.at++
		return l.variable(from)
	case c == '$':
		l.at++
		return token{tokSpecial, "$" + l.name(), from}, nil
	}
	for _, symbol := range []string{"<=", ">=", "!=", "!~"} {
		if string(c)+string(l.peek(1)) == symbol {
			l.at += 2
			return token{tokSymbol, symbol, from}, nil
		}
	}
	if !strings.ContainsRune("()[]{}.,+-*/&|=<>~", c) {
		return token{}, fail(from, "the character %s has no meaning here", strconv.QuoteRune(c))
	}
	l.at++
	return token{tokSymbol, string(c), from}, nil
}

func (l *lexer) name() string {
	from := l.at
	for isLetter(l.peek(0)) || isDigit(l.peek(0)) {
		l.at++
	}
	return string(l.text[from:l.at])
}

func (l *lexer) number() token {
	from := l.at
	for isDigit(l.peek(0)) {
		l.at++
	}
	if l.peek(0) == '.' && isDigit(l.peek(1)) {
		for l.at++; isDigit(l.peek(0)); l.at++ {
		}
	}
	return token{tokNumber, string(l.text[from:l.at]), from}
}

func (l *lexer) variable(from int) (token, error) {
	if c := l.peek(0); c == '`' || c == '\'' || c == '"' {
		text, err := l.quoted(c)
		return token{tokVariable, text, from}, err
	}
	name := l.name()
	for l.peek(0) == '-' && isLetter(l.peek(1)) { // %vs-name and the like: one name, so that it can be named
		l.at++
		name += "-" + l.name()
	}
	if name == "" {
		return token{}, fail(from, "a variable has no name")
	}
	return token{tokVariable, name, from}, nil
}

// temporal reads a date, a time, or both.
func (l *lexer) temporal(from int) (token, error) {
	at := l.at
	for isDigit(l.peek(0)) || strings.ContainsRune("-:TZ", l.peek(0)) && l.peek(0) != 0 ||
		l.peek(0) == '.' && isDigit(l.peek(1)) || l.peek(0) == '+' && isDigit(l.peek(1)) && strings.ContainsRune(string(l.text[at:l.at]), 'T') {
		l.at++
	}
	text := string(l.text[at:l.at])
	if _, ok := parseTemporal(text, KindNone); !ok {
		return token{}, fail(from, "the date or time cannot be read")
	}
	return token{tokTemporal, text, from}, nil
}

func (l *lexer) quoted(quote rune) (string, error) {
	from := l.at
	var b strings.Builder
	for l.at++; l.at < len(l.text); l.at++ {
		c := l.peek(0)
		switch c {
		case quote:
			l.at++
			return b.String(), nil
		case '\\':
			l.at++
			r, err := l.escape()
			if err != nil {
				return "", err
			}
			b.WriteRune(r)
		default:
			b.WriteRune(c)
		}
	}
	return "", fail(from, "the text has no closing quotation mark")
}

func (l *lexer) escape() (rune, error) {
	switch c := l.peek(0); c {
	case '\'', '"', '`', '\\', '/':
		return c, nil
	case 'r':
		return '\r', nil
	case 'n':
		return '\n', nil
	case 't':
		return '\t', nil
	case 'f':
		return '\f', nil
	case 'u':
		if l.at+4 < len(l.text) {
			if n, err := strconv.ParseUint(string(l.text[l.at+1:l.at+5]), 16, 16); err == nil {
				l.at += 4
				if r := rune(n); utf8.ValidRune(r) {
					return r, nil
				}
			}
		}
		return 0, fail(l.at, "\\u is not followed by four digits of a character")
	default:
		return 0, fail(l.at, "the escape \\%s is not one of the language", string(c))
	}
}
