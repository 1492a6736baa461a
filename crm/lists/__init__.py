"""What people keep of lists: saved views, own or shared with a unit; columns; the first view."""
