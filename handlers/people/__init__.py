"""Who somebody is, what we keep of them, and how they leave: links, invitations, export, erasure."""
