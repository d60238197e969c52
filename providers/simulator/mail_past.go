package simulator

import "slices"

// People lists the customers in whose mailboxes there is a letter, in the order of their first one.
func (m *MailServer) People() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []string
	for _, l := range m.letters {
		if !slices.Contains(out, l.Owner) {
			out = append(out, l.Owner)
		}
	}
	return out
}

// Recall puts letters of the past into customers' mailboxes. The desk is not told: it has them already.
func (m *MailServer) Recall(letters []Letter) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, l := range letters {
		l.Owner = plain(l.Owner)
		m.letters = append(m.letters, &l)
	}
	slices.SortStableFunc(m.letters, func(a, b *Letter) int { return a.At.Compare(b.At) })
	m.changed()
}
