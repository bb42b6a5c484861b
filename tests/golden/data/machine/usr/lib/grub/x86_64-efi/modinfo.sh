#!/bin/sh
# what GRUB says of its modules for x86_64-efi
