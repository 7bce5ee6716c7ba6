package sharing

// Texts are the texts of a share that are looked at before it leaves.
func (n NewShare) Texts() []string {
	var out []string
	for _, s := range n.said() {
		out = append(out, s.text)
	}
	return out
}
