package live

import (
	"context"
	"io"
)

// drawCall draws the panel of the reader, on whatever page they are: it shows their own call, else one that rings for
// them.
func (b *bundles) drawCall(ctx context.Context, r *reading, w io.Writer) error {
	live, err := b.calls.FindLive(ctx, r.who)
	if err != nil {
		return err
	}
	return b.views.CallPanel(w, r.lang, b.presentTo(r).CallPanel(live))
}
