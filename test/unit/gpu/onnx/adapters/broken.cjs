throw new Error('no binary for this platform');
