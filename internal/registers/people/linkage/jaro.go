package linkage

// jaro is the similarity of two words from 0 to 1: the share of letters that they
// have in common within a window, less the half of those out of order (M. A. Jaro,
// Journal of the American Statistical Association 84, 1989).
func jaro(a, b []rune) float64 {
	a, b = a[:min(len(a), longest)], b[:min(len(b), longest)]
	if len(a) == 0 || len(b) == 0 {
		if len(a) == len(b) {
			return 1
		}
		return 0
	}
	window := max(0, max(len(a), len(b))/2-1)
	var heldA, heldB [longest]bool
	common := 0
	for i, r := range a {
		for j := max(0, i-window); j <= min(len(b)-1, i+window); j++ {
			if !heldB[j] && b[j] == r {
				heldA[i], heldB[j] = true, true
				common++
				break
			}
		}
	}
	if common == 0 {
		return 0
	}
	moved, j := 0, 0
	for i := range a {
		if !heldA[i] {
			continue
		}
		for !heldB[j] {
			j++
		}
		if a[i] != b[j] {
			moved++
		}
		j++
	}
	c := float64(common)
	return (c/float64(len(a)) + c/float64(len(b)) + (c-float64(moved)/2)/c) / 3
}

// longest bounds the letters of a word that are compared: what differs beyond
// them says nothing about who somebody is.
const longest = 48

// winkler raises jaro for words that begin alike (W. E. Winkler, 1990): up to four
// letters, a tenth each, of what is missing to 1. The smaller word goes first, since
// letters are taken greedily and the order could matter.
func winkler(a, b string) float64 {
	if a > b {
		a, b = b, a
	}
	x, y := []rune(a), []rune(b)
	j := jaro(x, y)
	same := 0
	for same < 4 && same < len(x) && same < len(y) && x[same] == y[same] {
		same++
	}
	return j + float64(same)*0.1*(1-j)
}
