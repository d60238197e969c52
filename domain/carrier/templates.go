package carrier

import (
	"context"

	"pult/domain"
)

// TemplateLister lists the templates that were approved at the vendor.
type TemplateLister interface {
	Templates(context.Context) ([]domain.MessageTemplate, error)
}

// Templates lists the vendor's templates.
func (c *Connection) Templates(ctx context.Context) ([]domain.MessageTemplate, error) {
	return askVendor(ctx, c, 2*RequestTimeout, TemplateLister.Templates)
}
