package directory

// Page says which part of a list is wanted: what follows After, at most Size of
// it. The zero Page is the beginning.
type Page struct {
	After string // the Next of the part before
	Size  int
}

const (
	pageSize    = 50
	pageSizeMax = 500
)

func (p Page) size() int {
	switch {
	case p.Size <= 0:
		return pageSize
	case p.Size > pageSizeMax:
		return pageSizeMax
	}
	return p.Size
}

// more is how many rows to ask for: one beyond the page tells whether it is the
// last.
func (p Page) more() int32 { return int32(p.size() + 1) } //nolint:gosec // at most 501

// List is a part of a list.
type List[T any] struct {
	Items []T
	Next  string // where the next part begins; empty after the last
}

// listOf makes the part of a list out of the rows that were read.
func listOf[R, T any](p Page, rows []R, item func(R) T, key func(T) string) List[T] {
	var l List[T]
	for i, row := range rows {
		if i == p.size() {
			l.Next = key(l.Items[i-1])
			break
		}
		l.Items = append(l.Items, item(row))
	}
	return l
}
